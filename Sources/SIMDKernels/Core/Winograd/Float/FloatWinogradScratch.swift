/// The places of a slice's intermediate results in its scratch memory.
@usableFromInline
struct FloatWinogradScratch {
  /// The number of input channels whose weights are transformed at a time: few enough for a point's to fit the nearest
  /// cache.
  @inlinable @inline(__always)
  static var channelsAtOnce: Int { 64 }

  /// The transformed input [36 points][tile][channel].
  @usableFromInline let transformed: UnsafeMutableRawPointer
  @usableFromInline let transformedPointBytes: Int
  /// The transformed weights [36 points][block of 16 output channels][input channel of those at once][16].
  @usableFromInline let weights: UnsafeMutableRawPointer
  @usableFromInline let weightPointBytes: Int
  /// The products [36 points][tile][block of 16 output channels][16].
  @usableFromInline let products: UnsafeMutableRawPointer
  @usableFromInline let productPointBytes: Int
  @usableFromInline let byteCount: Int

  /// - Parameter vectors: blocks of 16 output channels at a time.
  @inlinable @inline(__always)
  init(_ memory: UnsafeMutableRawPointer, tiles: Int, channels: Int, vectors: Int) {
    // A cache line more than the data need: points that are a power of 2 apart would share a few sets of the cache.
    transformedPointBytes = tiles &* channels &* 4 &+ 64
    weightPointBytes = vectors &* FloatWinogradScratch.channelsAtOnce &* 64 &+ 64
    productPointBytes = tiles &* vectors &* 64 &+ 64
    transformed = memory
    weights = transformed + transformedPointBytes &* 36
    products = weights + weightPointBytes &* 36
    byteCount = (transformedPointBytes &+ weightPointBytes &+ productPointBytes) &* 36
  }
}
