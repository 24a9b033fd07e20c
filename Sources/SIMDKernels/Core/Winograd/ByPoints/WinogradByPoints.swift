/// Winograd point by point: the products of all tiles at one of 36 (or 81) points, then those at the next, and outputs
/// at the end. The register tile's groups are tiles, of whose three numbers each point takes the one that wastes least.
///
/// `Dot` says how the input is stored.
public enum WinogradByPoints<
  Dot: Int8Arithmetic, Products: TransformedArithmetic, let wide: Int, let middle: Int, let narrow: Int
>: WinogradArithmetic {
  @inlinable
  public static var name: String { "winograd by points" }
  @inlinable @inline(__always)
  public static var largestStride: Int { 2 }

  @inlinable
  public static func scratchBytes(_ layer: WinogradLayer) -> Int { PointScratch(layer).bytes }

  @inlinable @inline(__always)
  public static func convolve<Output: RequantisedOutput>(
    _ layer: WinogradLayer, _ output: Output, blocks: Range<Int>, scratch: UnsafeMutableRawPointer
  ) {
    if layer.stride == 1 {
      convolve(WinogradUnitStride.self, layer, output, blocks: blocks, scratch)
    } else {
      convolve(WinogradStrideTwo.self, layer, output, blocks: blocks, scratch)
    }
  }

  @inlinable @inline(__always)
  static func convolve<Form: WinogradForm, Output: RequantisedOutput>(
    _: Form.Type, _ layer: WinogradLayer, _ output: Output, blocks: Range<Int>, _ scratch: UnsafeMutableRawPointer
  ) {
    let input = TransformedInput(layer, scratch)
    transformInput(Dot.self, Form.self, input)
    for block in blocks {
      convolveByPoints(
        Products.self, Form.self, input, output, block: block, of: blocks,
        scratch: scratch + PointScratch(layer).inputBytes, tile: TransformedTile<wide, middle, narrow>())
    }
  }
}

/// What lies in a thread's scratch memory: the transformed input, the weights of a block of 16 output channels and a
/// chunk's products.
@usableFromInline
struct PointScratch {
  @usableFromInline let layer: WinogradLayer

  @inlinable @inline(__always)
  init(_ layer: WinogradLayer) { self.layer = layer }

  /// At most so many tiles' products are kept until all points are done, so that a point's weights stay in the cache
  /// for them.
  @inlinable @inline(__always)
  static var largestChunk: Int { 24 }

  @inlinable
  var points: Int { WinogradLayer.places(stride: layer.stride) &* WinogradLayer.places(stride: layer.stride) }

  /// With what a register tile reads behind the last tile.
  @inlinable @inline(__always)
  var inputBytes: Int { (points &* TransformedInput.pointBytes(layer) &+ 256 &+ 63) / 64 &* 64 }
  // [36 points][input channel][16], or with pairs of input channels interleaved where the arithmetic wants that. A
  // cache line more than the data need: planes that are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  var planeBytes: Int { layer.channels &* 32 &+ 64 }
  @inlinable @inline(__always)
  var bytes: Int { inputBytes &+ 36 &* planeBytes &+ points &* PointScratch.largestChunk &* 64 }
}

/// A layer and its transformed input, [36 or 81 points][block of 16 channels][tile][16], the points `pointBytes` apart.
@usableFromInline
struct TransformedInput {
  @usableFromInline let layer: WinogradLayer
  @usableFromInline let base: UnsafeMutableRawPointer

  @inlinable @inline(__always)
  init(_ layer: WinogradLayer, _ base: UnsafeMutableRawPointer) { (self.layer, self.base) = (layer, base) }

  // A cache line more than the data need, as for the weights.
  @inlinable @inline(__always)
  static func pointBytes(_ layer: WinogradLayer) -> Int { layer.tiles &* layer.channels &* 2 &+ 64 }
  @inlinable @inline(__always)
  var pointBytes: Int { TransformedInput.pointBytes(layer) }
}

/// A register tile of products: `wide`, `middle` or `narrow` tiles of 4 × 4 outputs × 16 output channels.
public struct TransformedTile<let wide: Int, let middle: Int, let narrow: Int> {
  @inlinable @inline(__always)
  public init() {}

  /// The number of tiles, of the three, of which fewest are computed to cover `count`.
  @inlinable @inline(__always)
  func groups(covering count: Int) -> Int {
    let computed = { (groups: Int) in (count &+ groups &- 1) / groups &* groups }
    if computed(wide) <= min(computed(middle), computed(narrow)) { return wide }
    return computed(middle) <= computed(narrow) ? middle : narrow
  }
}
