/// A way to compute `WinogradLayer`s.
public protocol IntegerWinograd: SendableMetatype {
  /// The name of the method in reports.
  static var name: String { get }
  /// The largest stride: 1, or 2 where there is stride 2, too.
  static var largestStride: Int { get }
  /// The bytes of scratch memory, aligned to 64, that a thread needs for a layer.
  static func scratchBytes(_ layer: WinogradLayer) -> Int
  /// Computes some blocks of 16 output channels of a layer.
  static func convolve<Output: RequantisedOutput>(
    _ layer: WinogradLayer, _ output: Output, blocks: Range<Int>, scratch: UnsafeMutableRawPointer)
}
