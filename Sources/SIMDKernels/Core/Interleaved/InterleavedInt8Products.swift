/// Products of int8 pixels that lie side by side (`InterleavedPixels`): few loads serve a whole
/// tile.
public protocol InterleavedInt8Products: Int8DotProducts {
  /// The number of bytes of a pixel in one step, a divisor of 16.
  static var stepBytes: Int { get }
  /// The order of weights in which steps of so many bytes follow each other.
  static var stepOrder: PackedOrder { get }

  /// Stores 16 bytes of four windows, those of a place after each other, as [step][place][pixel of the
  /// place][`stepBytes`], the steps `stepStride` apart.
  static func interleave(
    _ a: SIMD16<Int8>, _ b: SIMD16<Int8>, _ c: SIMD16<Int8>, _ d: SIMD16<Int8>, to output: UnsafeMutableRawPointer,
    stepStride: Int)
  /// The start of the sums of 16 output channels.
  static func accumulator(startingAt bias: UnsafePointer<Int32>) -> Accumulator
  /// Adds the products of one step of each pixel, and moves both pointers past it.
  static func multiplyStep<let places: Int>(
    _ sums: inout InlineArray<places, Accumulator>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer)
  /// Brings 128 bytes of weights from the order of fours into `stepOrder`, and moves both pointers past them.
  static func reorder(_ weights: inout UnsafeRawPointer, to output: inout UnsafeMutableRawPointer)
}
