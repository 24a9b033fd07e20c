extension KernelTable {
  /// Makes convolutions of int16 copy their pixels, so that a value of each of a tile's lies side by side, where a
  /// slice has the scratch memory for it. `Arithmetic` must be of the calling module, for the reason that
  /// `KernelTable.init` gives.
  @inlinable @inline(__always)
  public mutating func interleaveInt16<Arithmetic: InterleavedInt16Arithmetic, let groups: Int>(
    _: Arithmetic.Type, tile: Tile<groups, 1>
  ) {
    int16Interleaving = Interleaving(Arithmetic.self, tile: tile)
    int16TilePixels = groups
    convolveInt16ToInt8 = { convolveByPlaces(Arithmetic.self, $0, $1, $2, tile: Tile<groups, 1>()) }
    convolveInt16ToInt16 = { convolveByPlaces(Arithmetic.self, $0, $1, $2, tile: Tile<groups, 1>()) }
  }

  /// Takes the convolutions of int16 from another table.
  public mutating func convolveInt16(as other: KernelTable) {
    int16Interleaving = other.int16Interleaving
    int16TilePixels = other.int16TilePixels
    (convolveInt16ToInt8, convolveInt16ToInt16) = (other.convolveInt16ToInt8, other.convolveInt16ToInt16)
  }
}

@inlinable @inline(__always)
func convolveByPlaces<Arithmetic: InterleavedInt16Arithmetic, Output: ConvolutionOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  if let scratch = slice.scratch {
    convolveInterleavedInt16(Arithmetic.self, layer, output, slice, scratch: scratch, tile: tile)
  } else {
    convolve(Arithmetic.self, layer, output, slice, tile: Tile<1, 1>())
  }
}
