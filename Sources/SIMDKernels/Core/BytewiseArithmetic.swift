/// An int8 arithmetic that multiplies unsigned bytes, too, and so can multiply int16 byte by byte.
public protocol BytewiseArithmetic: InterleavedArithmetic {
  /// As `multiplyStep`, of unsigned bytes.
  static func multiplyUnsignedStep<let places: Int>(
    _ sums: inout InlineArray<places, Accumulator>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer)
  static func shiftLeft(_ sums: inout Accumulator, by bits: Int32)
  /// Two steps of int16 weights, [2][16 output channels][2], as one of high and one of low bytes, [16 output channels][4].
  static func splitWeights(_ weights: UnsafeRawPointer, high: UnsafeMutableRawPointer, low: UnsafeMutableRawPointer)
  /// (x − 1) / 2 of the three values x of each pixel of a 3×3 window of an image, 27 in all, and five zeros.
  static func imageWindow(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ third: UnsafeRawPointer
  ) -> (SIMD16<Int8>, SIMD16<Int8>)
}
