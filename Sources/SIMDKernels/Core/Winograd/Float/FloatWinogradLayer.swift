/// A 3×3 convolution with stride 1 of float as Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144.
///
/// The sums are those of the direct convolution but for rounding, of which there is more: see `KernelCheck`.
public struct FloatWinogradLayer: WinogradTiled, @unchecked Sendable {
  /// The first value of the first window: [row][column][channel], `rowStride` values from row to row.
  public var input: UnsafePointer<Float>
  public var rowStride: Int
  /// The number of channels as stored: a multiple of 16.
  public var channels: Int
  /// The weights [block of 16 output channels][channel][3][3][16].
  public var weights: UnsafePointer<Float>
  public var outputHeight: Int
  public var outputWidth: Int

  @inlinable
  public init(
    input: UnsafePointer<Float>, rowStride: Int, channels: Int, weights: UnsafePointer<Float>, outputHeight: Int,
    outputWidth: Int
  ) {
    self.input = input
    self.rowStride = rowStride
    self.channels = channels
    self.weights = weights
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
  }

  @inlinable @inline(__always)
  func weights(block: Int, channel: Int) -> UnsafePointer<Float> {
    weights + (block &* channels &+ channel) &* 144
  }

  /// The bytes of scratch memory, aligned to 64, that the convolution of so many tiles needs, whatever its register tile.
  @inlinable
  public func scratchBytes(tiles: Int) -> Int {
    FloatWinogradScratch(UnsafeMutableRawPointer(mutating: input), tiles: tiles, channels: channels, vectors: 4)
      .byteCount
  }
}
