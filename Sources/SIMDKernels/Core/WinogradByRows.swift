import CSIMD

/// Winograd row by row: the products of four tiles at all six points of a row at once, 24 sums in registers. The weights are stored
/// transformed in one direction only, and their columns transformed in the loop of the products (`RowProducts`), whose units for
/// additions are idle, while the next block's are transformed in the first direction (`NextWeights`).
///
/// For instruction sets with registers enough. `Dot` says how the input is stored.
public enum WinogradByRows<Dot: Int8Arithmetic, Products: RowArithmetic>: WinogradArithmetic {
  @inlinable @inline(__always)
  public static var largestStride: Int { 1 }

  @inlinable
  public static func scratchBytes(_ layer: WinogradLayer) -> Int { RowScratch(layer).bytes }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: WinogradLayer, _ output: Output, blocks: Range<Int>, scratch: UnsafeMutableRawPointer
  ) {
    let sizes = RowScratch(layer)
    let arrangement = WinogradGroups(layer)
    let groups = UnsafeMutableRawPointer(scratch + sizes.groupsOffset).bindMemory(
      to: WinogradGroup.self, capacity: arrangement.count)
    arrangement.write(to: groups)
    transformInput(Dot.self, layer, UnsafeBufferPointer(start: groups, count: arrangement.count), to: scratch)
    var weights = scratch + sizes.inputBytes
    var nextWeights = weights + sizes.weightBytes
    let sums = (nextWeights + sizes.weightBytes).assumingMemoryBound(to: SIMD16<Int32>.self)
    var first = NextWeights(layer, block: blocks.lowerBound, of: blocks, to: weights, steps: 1)
    first.finish(Products.self)
    for block in blocks {
      output.requantisation.prefetch(block: block &+ 1)
      var next = NextWeights(
        layer, block: block &+ 1, of: blocks, to: nextWeights, steps: arrangement.rows &* layer.channels / 16)
      for group in 0..<arrangement.count {
        convolveGroup(
          Products.self, layer, groups + group, scratch + group &* sizes.groupBytes, weights, output, block: block,
          sums, &next)
      }
      next.finish(Products.self)
      swap(&weights, &nextWeights)
    }
  }
}

/// Dot products of pairs of int16, as registers take them.
public protocol RowArithmetic: SendableMetatype {
  /// Adds to the sums of 16 output channels the products of a pair of input channels, which stands at an address, and of their weights,
  /// [16][2].
  static func add(_ sums: inout SIMD16<Int32>, pair: UnsafeRawPointer, _ weights: SIMD32<Int16>)
}

/// What lies in a thread's scratch memory: the transformed input, the weights of two blocks of 16 output channels, the sums of a
/// group of tiles, and the groups themselves.
@usableFromInline
struct RowScratch {
  @usableFromInline let layer: WinogradLayer

  @inlinable @inline(__always)
  init(_ layer: WinogradLayer) { self.layer = layer }

  // [block of 16 input channels][6 columns][4 tiles][16]. Here and for the weights a cache line more than the data need: rows that
  // are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  var rowBytes: Int { layer.channels &* 48 &+ 64 }
  @inlinable @inline(__always)
  var groupBytes: Int { 6 &* rowBytes }
  @inlinable @inline(__always)
  var inputBytes: Int { WinogradGroups(layer).count &* groupBytes }
  /// [6 rows], each [pair of input channels][3 columns][16 output channels][2].
  @inlinable @inline(__always)
  var planeBytes: Int { layer.channels &* 96 &+ 64 }
  @inlinable @inline(__always)
  var weightBytes: Int { 6 &* planeBytes }
  /// [6 rows][4 tiles][4 columns][16].
  @inlinable @inline(__always)
  var sumBytes: Int { 6 &* 16 &* 64 }
  @inlinable @inline(__always)
  var groupsOffset: Int { inputBytes &+ 2 &* weightBytes &+ sumBytes }
  @inlinable @inline(__always)
  var bytes: Int { groupsOffset &+ WinogradGroups(layer).count &* MemoryLayout<WinogradGroup>.stride }
}

/// The products and outputs of a group of tiles and a block of 16 output channels.
@inlinable @inline(__always)
func convolveGroup<Arithmetic: RowArithmetic, Output: RequantisedOutput>(
  _: Arithmetic.Type, _ layer: WinogradLayer, _ group: UnsafePointer<WinogradGroup>, _ input: UnsafeMutableRawPointer,
  _ weights: UnsafeMutableRawPointer, _ output: Output, block: Int, _ sums: UnsafeMutablePointer<SIMD16<Int32>>,
  _ next: inout NextWeights
) {
  let sizes = RowScratch(layer)
  let tiles = group.pointee.tiles
  for row in 0..<6 where row != 4 || !group.pointee.lacksRow {
    // Every output has a sixteenth of 576 times the product of point 1, which thus brings the bias to all.
    let bias =
      row == 1 ? load(output.requantisation.bias + block &* 16) &* SIMD16(repeating: 36) : SIMD16<Int32>()
    let products = RowProducts(
      input: UnsafeRawPointer(input + row &* sizes.rowBytes),
      weights: UnsafeRawPointer(weights + row &* sizes.planeBytes), channels: layer.channels, bias: bias,
      sums: sums + row &* 16)
    switch group.pointee.shape {
    case .whole where tiles > 2: multiply(Arithmetic.self, products, &next, RowTile<4, 0b0000>())
    case .whole: multiply(Arithmetic.self, products, &next, RowTile<2, 0b00>())
    case .narrow where tiles > 2: multiply(Arithmetic.self, products, &next, RowTile<4, 0b1111>())
    case .narrow: multiply(Arithmetic.self, products, &next, RowTile<2, 0b11>())
    case .mixed where row == 4: multiply(Arithmetic.self, products, &next, RowTile<2, 0b10>())
    case .mixed: multiply(Arithmetic.self, products, &next, RowTile<4, 0b1010>())
    }
  }
  for place in 0..<tiles {
    store(Arithmetic.self, sums + place &* 4, output, block: block, group, place: place)
  }
}
