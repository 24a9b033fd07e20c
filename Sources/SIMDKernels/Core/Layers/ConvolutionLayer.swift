/// A dense convolution as the kernels see it: a window of `windowRows` runs of contiguous bytes slides over an input
/// that already has its border, so 3×3, 1×1 and the linear layer (one window that is the whole image) are the same
/// loop.
///
/// NHWC makes it a matrix product without im2col: for one output pixel and one kernel row the input bytes are
/// contiguous.
public struct ConvolutionLayer: @unchecked Sendable {
  /// The first byte of the first window.
  public var input: UnsafeRawPointer
  /// The distance from one kernel row of a window to the next, in bytes.
  public var windowRowBytes: Int
  /// The number of kernel rows.
  public var windowRows: Int
  /// The number of steps of four bytes in one kernel row: kernel width · input channels · bytes per value / 4.
  public var stepsPerRow: Int
  /// The distance from an output pixel's window to its right neighbour's, in bytes.
  public var pixelBytes: Int
  /// The distance from an output pixel's window to that of the pixel below, in bytes.
  public var rowBytes: Int
  /// The weights [block of 16 output channels][kernel row][step][16 output channels][4 bytes].
  public var weights: UnsafeRawPointer
  public var outputWidth: Int
  /// Whether pixels have four values (an image), of which the fourth is multiplied with nothing but zeros: it may be left
  /// out.
  public var fourthIsEmpty: Bool
  /// The border of the input, where it is one that kernels may leave out.
  public var border: ConstantBorder?

  @inlinable
  public init(
    input: UnsafeRawPointer, windowRowBytes: Int, windowRows: Int, stepsPerRow: Int, pixelBytes: Int, rowBytes: Int,
    weights: UnsafeRawPointer, outputWidth: Int, fourthIsEmpty: Bool = false
  ) {
    self.input = input
    self.windowRowBytes = windowRowBytes
    self.windowRows = windowRows
    self.stepsPerRow = stepsPerRow
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
    self.weights = weights
    self.outputWidth = outputWidth
    self.fourthIsEmpty = fourthIsEmpty
  }

  /// The number of bytes of the weights of one block of 16 output channels.
  @inlinable @inline(__always)
  public var blockBytes: Int { windowRows &* stepsPerRow &* 64 }
}
