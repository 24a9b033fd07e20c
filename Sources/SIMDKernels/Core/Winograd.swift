import CSIMD

/// A 3×3 convolution of int8 as exact Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144, or for 81 with
/// stride 2 (`WinogradForm`).
///
/// The outputs are cut into tiles of 4 × 4, or 3 at the right and lower edge (`WinogradTiling`). First the
/// input's tiles are transformed (`transformInput`), then come the products and outputs, whose weights are transformed on the
/// way, from the packed order of fours.
///
/// The sums are exact where 128 · Σ|w| + |bias| < 2²⁵ for each output channel.
public struct WinogradLayer: WinogradTiled, @unchecked Sendable {
  /// The first byte of the first window: [row][column][channel], `rowBytes` from row to row.
  public var input: UnsafePointer<Int8>
  public var rowBytes: Int
  /// As stored: a multiple of 16.
  public var channels: Int
  /// [block of 16 output channels][3][3 · channels / 4][16][4].
  public var weights: UnsafeRawPointer
  /// 1 or 2.
  public var stride: Int
  public var outputHeight: Int
  public var outputWidth: Int
  /// The transformed input, [36 or 81 points][block of 16 channels][tile][16], the points `transformedStride` values apart.
  public var transformed: UnsafeMutablePointer<Int16>

  @inlinable
  public init(
    input: UnsafePointer<Int8>, rowBytes: Int, channels: Int, weights: UnsafeRawPointer, stride: Int,
    outputHeight: Int, outputWidth: Int, transformed: UnsafeMutablePointer<Int16>
  ) {
    self.input = input
    self.rowBytes = rowBytes
    self.channels = channels
    self.weights = weights
    self.stride = stride
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.transformed = transformed
  }

  @inlinable @inline(__always)
  public var down: WinogradTiling { WinogradTiling(outputs: outputHeight) }
  @inlinable @inline(__always)
  public var across: WinogradTiling { WinogradTiling(outputs: outputWidth) }
  // A cache line more than the data need: points that are a power of 2 apart would share a few sets of the cache.
  @inlinable @inline(__always)
  var transformedStride: Int { tiles &* channels &+ 32 }

  /// Places along one side of a tile at which it is multiplied.
  @inlinable
  public static func places(stride: Int) -> Int { stride == 1 ? WinogradUnitStride.places : WinogradStrideTwo.places }
  @inlinable
  var points: Int { WinogradLayer.places(stride: stride) &* WinogradLayer.places(stride: stride) }

  /// Values of `transformed`, with those that a register tile reads behind the last tile.
  @inlinable
  public var transformedCount: Int { points &* transformedStride &+ 128 }

  /// At most so many tiles' products are kept until all points are done, so that a point's weights stay in the cache for them.
  @inlinable @inline(__always)
  static var largestChunk: Int { 24 }

  /// Bytes of scratch memory, aligned to 64, that a thread needs: the weights of some blocks of 16 output channels and a chunk's
  /// products.
  @inlinable
  public func scratchBytes(_ weights: TransformedWeightOrder) -> Int {
    weights.bytes(channels: channels) &+ points &* weights.blocks &* WinogradLayer.largestChunk &* 64
  }
}
