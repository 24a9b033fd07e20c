import CSIMD
import SIMDKernels

/// int16 by SMLAL and SMLAL2 by element; LD2 takes the pairs of a step's input channels apart. A load is four input
/// channels of a pixel; a dot is eight output channels of two of them. Later instruction sets bring nothing for int16,
/// and use these products, too.
public enum NEONInt16Dot: DotProducts {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static var pixelBytesPerLoad: Int { 8 }
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 4 }

  @inlinable @inline(__always)
  public static func zero() -> SumsByElement { SumsByElement() }
  /// Loads four values; the upper half of the vector is not used.
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Int16> {
    first.loadUnaligned(as: SIMD8<Int16>.self)
  }
  /// The weights of the even input channel, then those of the odd one.
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> SIMD16<Int16> {
    csimd_load_2x8_shorts(weights + lane &* 32)
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout SumsByElement, _ pixels: SIMD8<Int16>, lane: Int, _ weights: SIMD16<Int16>) {
    sums.add(half: lane % 2, csimd_low_i16(weights), pixels, channel: lane / 2 * 2)
    sums.add(half: lane % 2, csimd_high_i16(weights), pixels, channel: lane / 2 * 2 + 1)
  }
  @inlinable @inline(__always)
  public static func sums(_ sums: SumsByElement, pixel: Int) -> SIMD16<Int32> { sums.total }
}

/// A tile of seven pixels takes 28 SMLAL, one load of pixels and one of weights for each value.
extension NEONInt16Dot: InterleavedInt16Products {
  @inlinable @inline(__always)
  public static func interleave(
    _ a: SIMD8<Int16>, _ b: SIMD8<Int16>, _ c: SIMD8<Int16>, _ d: SIMD8<Int16>, to output: UnsafeMutableRawPointer,
    valueStride: Int
  ) {
    let (firstAB, firstCD) = (csimd_zip1_i16(a, b), csimd_zip1_i16(c, d))
    let (lastAB, lastCD) = (csimd_zip2_i16(a, b), csimd_zip2_i16(c, d))
    var output = output
    store(csimd_zip1_pairs_i16(firstAB, firstCD), to: &output, valueStride)
    store(csimd_zip2_pairs_i16(firstAB, firstCD), to: &output, valueStride)
    store(csimd_zip1_pairs_i16(lastAB, lastCD), to: &output, valueStride)
    store(csimd_zip2_pairs_i16(lastAB, lastCD), to: &output, valueStride)
  }
  @inlinable @inline(__always)
  public static func interleaveThree(
    _ a: SIMD4<Int16>, _ b: SIMD4<Int16>, _ c: SIMD4<Int16>, _ d: SIMD4<Int16>, to output: UnsafeMutableRawPointer,
    valueStride: Int
  ) {
    let (ab, cd) = (csimd_zip_i16(a, b), csimd_zip_i16(c, d))
    var output = output
    store(csimd_zip1_pairs_i16(ab, cd), to: &output, valueStride)
    output.storeBytes(of: csimd_zip2_pairs_i16(ab, cd).lowHalf, as: SIMD4<Int16>.self)
  }
  /// Stores two values of four windows as [value][window].
  @inlinable @inline(__always)
  static func store(_ values: SIMD8<Int16>, to output: inout UnsafeMutableRawPointer, _ valueStride: Int) {
    output.storeBytes(of: values.lowHalf, as: SIMD4<Int16>.self)
    (output + valueStride).storeBytes(of: values.highHalf, as: SIMD4<Int16>.self)
    output += 2 &* valueStride
  }
  @inlinable @inline(__always)
  public static func separate(_ weights: UnsafeRawPointer, to output: UnsafeMutableRawPointer) {
    let (first, second) = (csimd_load_2x8_shorts(weights), csimd_load_2x8_shorts(weights + 32))
    output.storeBytes(of: csimd_low_i16(first), as: SIMD8<Int16>.self)
    (output + 16).storeBytes(of: csimd_low_i16(second), as: SIMD8<Int16>.self)
    (output + 32).storeBytes(of: csimd_high_i16(first), as: SIMD8<Int16>.self)
    (output + 48).storeBytes(of: csimd_high_i16(second), as: SIMD8<Int16>.self)
  }
  @inlinable @inline(__always)
  public static func multiplyValue<let places: Int>(
    _ sums: inout InlineArray<places, SumsByElement>, _ pixels: inout UnsafeRawPointer, valueStride: Int,
    _ weights: inout UnsafeRawPointer
  ) {
    let x = pixels.loadUnaligned(as: SIMD8<Int16>.self)
    let w = weights.loadUnaligned(as: SIMD16<Int16>.self)
    for place in 0..<places {
      sums[unchecked: place].add(half: 0, csimd_low_i16(w), x, channel: place)
      sums[unchecked: place].add(half: 1, csimd_high_i16(w), x, channel: place)
    }
    pixels = sums[unchecked: places &- 1].after(pixels + valueStride)
    weights = sums[unchecked: places &- 1].after(weights + 32)
  }
}
