/// A depthwise convolution as the kernels see it: each channel has a window of its own, which slides over an input
/// that already has its border. A kernel as large as the image is one window.
public struct DepthwiseLayer: @unchecked Sendable {
  /// The number of pixels of the register tile: slices are cut at multiples of it.
  public static let tilePixels = 4

  /// The first value of the first window.
  public var input: UnsafeRawPointer
  /// The distance from one kernel row of a window to the next, in bytes.
  public var windowRowBytes: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  /// The number of channels as stored: a multiple of 16.
  public var channels: Int
  /// The distance from an output pixel's window to its right neighbour's, in bytes.
  public var pixelBytes: Int
  /// The distance from an output pixel's window to that of the pixel below, in bytes.
  public var rowBytes: Int
  /// The weights [kernel row][kernel column][channel], of the input's type.
  public var weights: UnsafeRawPointer
  public var outputWidth: Int

  @inlinable
  public init(
    input: UnsafeRawPointer, windowRowBytes: Int, kernelHeight: Int, kernelWidth: Int, channels: Int, pixelBytes: Int,
    rowBytes: Int, weights: UnsafeRawPointer, outputWidth: Int
  ) {
    self.input = input
    self.windowRowBytes = windowRowBytes
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.channels = channels
    self.pixelBytes = pixelBytes
    self.rowBytes = rowBytes
    self.weights = weights
    self.outputWidth = outputWidth
  }
}
