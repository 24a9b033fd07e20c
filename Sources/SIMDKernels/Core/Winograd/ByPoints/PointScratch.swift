/// The scratch memory of a thread: the transformed input, the weights of a block of 16 output channels and a
/// chunk's products.
@usableFromInline
struct PointScratch {
  @usableFromInline let layer: WinogradLayer

  @inlinable @inline(__always)
  init(_ layer: WinogradLayer) { self.layer = layer }

  /// The most tiles whose products are kept until all points are done: few enough for a point's weights to stay in the
  /// cache.
  @inlinable @inline(__always)
  static var largestChunk: Int { 24 }

  @inlinable
  var points: Int { WinogradLayer.places(stride: layer.stride) &* WinogradLayer.places(stride: layer.stride) }

  /// Includes what a register tile reads past the last tile.
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
