/// A 3×3 convolution of int8 as exact Winograd: 4 × 4 outputs at once for 36 multiplications instead of 144, or for 81
/// with stride 2 (`WinogradForm`).
///
/// The outputs are cut into tiles of 4 × 4, or 3 at the right and lower edge (`WinogradTiling`). First the
/// input's tiles are transformed, then come the products and outputs, whose weights are transformed on the
/// way, from the packed order of fours.
///
/// The sums are exact where 128 · Σ|w| + |bias| < 2²⁵ for each output channel.
public struct WinogradLayer: WinogradTiled, @unchecked Sendable {
  /// The first byte of the first window: [row][column][channel], `rowBytes` from row to row.
  public var input: UnsafePointer<Int8>
  public var rowBytes: Int
  /// The number of channels as stored: a multiple of 16.
  public var channels: Int
  /// The weights [block of 16 output channels][3][3 · channels / 4][16][4].
  public var weights: UnsafeRawPointer
  /// The stride: 1 or 2.
  public var stride: Int
  public var outputHeight: Int
  public var outputWidth: Int

  @inlinable
  public init(
    input: UnsafePointer<Int8>, rowBytes: Int, channels: Int, weights: UnsafeRawPointer, stride: Int,
    outputHeight: Int, outputWidth: Int
  ) {
    self.input = input
    self.rowBytes = rowBytes
    self.channels = channels
    self.weights = weights
    self.stride = stride
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
  }

  /// The number of bytes of the weights of a block of 16 output channels.
  @inlinable @inline(__always)
  var blockBytes: Int { channels &* 144 }

  /// Places along one side of a tile at which it is multiplied.
  @inlinable
  public static func places(stride: Int) -> Int { stride == 1 ? WinogradUnitStride.places : WinogradStrideTwo.places }
}
