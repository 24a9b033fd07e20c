import CSIMD

#if arch(x86_64)
  /// The outputs of one tile, from its sums, [6 rows][4 tiles][4 columns].
  @inlinable @inline(__always)
  func storeRowOutputs<Products: RowPairProducts, Output: RequantisedOutput>(
    _: Products.Type, _ sums: UnsafePointer<SIMD16<Int32>>, _ output: Output, block: Int,
    _ group: UnsafePointer<TileGroup>, place: Int
  ) {
    switch (group.pointee.places[unchecked: place].isNarrowDown, output.requantisation.isLinear) {
    case (false, false):
      storeRowOutputs(Products.self, sums, output, block: block, group, place: place, RowEpilogue<4, 0>())
    case (false, true):
      storeRowOutputs(Products.self, sums, output, block: block, group, place: place, RowEpilogue<4, 1>())
    case (true, false):
      storeRowOutputs(Products.self, sums, output, block: block, group, place: place, RowEpilogue<3, 0>())
    case (true, true):
      storeRowOutputs(Products.self, sums, output, block: block, group, place: place, RowEpilogue<3, 1>())
    }
  }

  /// Constants of a loop over the outputs of a tile: how many there are down, and whether the requantisation is linear (1)
  /// or not (0).
  @usableFromInline
  struct RowEpilogue<let rows: Int, let linear: Int> {
    @inlinable @inline(__always)
    init() {}
  }

  @inlinable @inline(never)
  func storeRowOutputs<Products: RowPairProducts, Output: RequantisedOutput, let rows: Int, let linear: Int>(
    _: Products.Type, _ sums: UnsafePointer<SIMD16<Int32>>, _ output: Output, block: Int,
    _ group: UnsafePointer<TileGroup>, place: Int, _: RowEpilogue<rows, linear>
  ) {
    let tile = group.pointee.places[unchecked: place]
    let constants = output.constants(block: block)
    let factors = WinogradFactors()
    let (rowBytes, pixelBytes) = (output.plane.rowBytes, output.plane.pixelBytes)
    var address = output.plane.pixel(row: tile.row, column: tile.column) + block &* Output.blockBytes
    var sums = sums
    // Of the first row's output; from one row or column to the next it doubles, up to the third.
    var inverse = factors.inverse(row: 0, column: 0)
    for column in 0..<tile.columns {
      let outputs = WinogradUnitStride.outputs(narrow: rows == 3, factors) { sums[$0 &* 16] }
      let twice = inverse &+ inverse
      let inverses: InlineArray<3, SIMD16<Int32>> = [inverse, twice, twice &+ twice]
      var place = address
      forEachConstant(rows) { row in
        guard row < tile.rows else { return }
        output.store(
          biased: csimd_float_from_64ths(outputs[unchecked: row] &* inverses[unchecked: min(row, 2)]),
          isLinear: linear == 1, constants, at: place)
        place += rowBytes
      }
      if column < 2 { inverse = twice }
      sums += 1
      address += pixelBytes
    }
  }
#endif
