/// Products of int16 pixels that lie side by side (`InterleavedPixels`), a value of each at a time.
public protocol InterleavedInt16Products: DotProducts where Sum == Int32 {
  /// Stores 8 values of four windows as [value][window], the values `valueStride` apart.
  static func interleave(
    _ a: SIMD8<Int16>, _ b: SIMD8<Int16>, _ c: SIMD8<Int16>, _ d: SIMD8<Int16>, to output: UnsafeMutableRawPointer,
    valueStride: Int)
  /// Stores the first three of four values of four windows as [value][window], the values `valueStride` apart.
  static func interleaveThree(
    _ a: SIMD4<Int16>, _ b: SIMD4<Int16>, _ c: SIMD4<Int16>, _ d: SIMD4<Int16>, to output: UnsafeMutableRawPointer,
    valueStride: Int)
  /// A step's weights, [16 output channels][2] → [2][16].
  static func separate(_ weights: UnsafeRawPointer, to output: UnsafeMutableRawPointer)
  /// Adds the products of one value of each pixel, and moves both pointers past it.
  static func multiplyValue<let places: Int>(
    _ sums: inout InlineArray<places, Accumulator>, _ pixels: inout UnsafeRawPointer, valueStride: Int,
    _ weights: inout UnsafeRawPointer)
}
