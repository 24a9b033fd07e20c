import CSIMD

/// The transformed input, [group of tiles][6 rows][block of 16 input channels][6 columns][4 tiles][16], where the second and third
/// of every four channels have changed places, as `NextWeights` pairs them.
///
/// `Dot` says how the input is stored, and which instruction set the code is for.
@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic>(
  _: Dot.Type, _ layer: WinogradLayer, _ groups: UnsafeBufferPointer<WinogradGroup>, to output: UnsafeMutableRawPointer
) {
  var memory = RowInputMemory()
  withUnsafeMutablePointer(to: &memory) { memory in
    var output = output
    for group in groups {
      transformInput(Dot.self, layer, group, UnsafeMutableRawPointer(memory), to: output)
      output += RowScratch(layer).groupBytes
    }
  }
}

/// What does not fit the registers.
@usableFromInline
struct RowInputMemory {
  /// [row][column], transformed in one direction.
  @usableFromInline var between = InlineArray<36, SIMD16<Int16>>(repeating: SIMD16())
  /// Room for a group's tiles.
  @usableFromInline var tiles = InlineArray<12, SIMD16<Int16>>(repeating: SIMD16())

  @inlinable @inline(__always)
  init() {}
}

/// All tiles of 16 channels before the next: a cache line has those of two.
@inlinable @inline(__always)
func transformInput<Dot: Int8Arithmetic>(
  _: Dot.Type, _ layer: WinogradLayer, _ group: WinogradGroup, _ between: UnsafeMutableRawPointer,
  to output: UnsafeMutableRawPointer
) {
  let tiles = (between + 36 &* 32).bindMemory(to: WinogradTileInput.self, capacity: 4)
  for place in 0..<4 {
    (tiles + place).initialize(
      to: WinogradTileInput(layer, WinogradUnitStride.self, group.places[unchecked: place]))
  }
  let rowBytes = RowScratch(layer).rowBytes
  var (channel, output) = (0, output)
  repeat {
    for place in 0..<group.tiles {
      let tile = tiles + place
      if tile.pointee.isNarrowDown {
        transformColumns(
          Dot.self, WinogradUnitStride.self, layer, tile.pointee, channel: channel, narrow: true,
          csimd_swap_middle_of_fours, between)
      } else {
        transformColumns(
          Dot.self, WinogradUnitStride.self, layer, tile.pointee, channel: channel, narrow: false,
          csimd_swap_middle_of_fours, between)
      }
      if tile.pointee.isNarrowAcross {
        transformRows(Dot.self, between, output + place &* 32, rowBytes: rowBytes, narrow: true)
      } else {
        transformRows(Dot.self, between, output + place &* 32, rowBytes: rowBytes, narrow: false)
      }
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
