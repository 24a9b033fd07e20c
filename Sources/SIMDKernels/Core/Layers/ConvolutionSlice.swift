/// A part of a layer's output: blocks of 16 channels × pixels counted row by row.
public struct ConvolutionSlice: @unchecked Sendable {
  public var blocks: Range<Int>
  public var pixels: Range<Int>
  /// Memory of the calling thread, aligned to 64 and as large as the kernel's `scratchBytes` for these pixels; nil where
  /// that is 0.
  public var scratch: UnsafeMutableRawPointer?

  @inlinable
  public init(blocks: Range<Int>, pixels: Range<Int>, scratch: UnsafeMutableRawPointer? = nil) {
    self.blocks = blocks
    self.pixels = pixels
    self.scratch = scratch
  }
}
