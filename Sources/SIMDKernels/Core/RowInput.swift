import CSIMD

/// The transformed input, [group of tiles][6 rows][block of 16 input channels][6 columns][4 tiles][16], where the second and third
/// of every four channels have changed places, as `NextWeights` pairs them.
///
/// `Dot` says how the input is stored, and which instruction set the code is for.
@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic>(
  _: Dot.Type, _ layer: WinogradLayer, _ groups: WinogradGroups, to output: UnsafeMutableRawPointer
) {
  // [row][column], transformed in one direction: they do not fit the registers.
  var memory = InlineArray<36, SIMD16<Int16>>(repeating: SIMD16())
  withUnsafeMutableBytes(of: &memory) { memory in
    guard let between = memory.baseAddress else { return }
    for index in 0..<groups.count {
      let group = groups.group(index)
      for place in 0..<group.tiles {
        transformInput(
          Dot.self, layer, WinogradTileInput(layer, WinogradUnitStride.self, group.position(place)), between,
          to: output + (index &* RowScratch(layer).groupBytes &+ place &* 32))
      }
    }
  }
}

@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic>(
  _: Dot.Type, _ layer: WinogradLayer, _ tile: WinogradTileInput, _ between: UnsafeMutableRawPointer,
  to output: UnsafeMutableRawPointer
) {
  var (channel, output) = (0, output)
  let read = { (bytes: SIMD16<Int8>) in csimd_widen_i8_to_i16(csimd_swap_middle_of_fours(bytes)) }
  repeat {
    if tile.narrowRows {
      transformColumns(
        Dot.self, WinogradUnitStride.self, layer, tile, channel: channel, narrow: true, read, between)
    } else {
      transformColumns(
        Dot.self, WinogradUnitStride.self, layer, tile, channel: channel, narrow: false, read, between)
    }
    if tile.narrowColumns {
      transformRows(Dot.self, between, output, rowBytes: RowScratch(layer).rowBytes, narrow: true)
    } else {
      transformRows(Dot.self, between, output, rowBytes: RowScratch(layer).rowBytes, narrow: false)
    }
    channel &+= 16
    output += 768
  } while channel < layer.channels
}

@inlinable @inline(__always)
func transformRows<Dot: Int8Arithmetic>(
  _: Dot.Type, _ between: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer, rowBytes: Int, narrow: Bool
) {
  let factors = WinogradInputFactors()
  for row in 0..<6 {
    WinogradUnitStride.transformInput(narrow: narrow, factors) { column in
      (between + (row &* 6 &+ column) &* 32).load(as: SIMD16<Int16>.self)
    } _: { column, value in
      csimd_store_16_shorts(output + (row &* rowBytes &+ column &* 128), value)
    }
  }
}
