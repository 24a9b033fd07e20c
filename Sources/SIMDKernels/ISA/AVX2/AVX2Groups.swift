import CSIMD
import SIMDKernels

/// Grouped convolutions by VPMADDWD, which adds up neighbouring channels' products: two instructions for 16 of them.
public protocol AVX2Groups: GroupedProducts
where Sum == Int32, Values == SIMD16<Int16>, Accumulator == SIMD8<Int32> {}

extension AVX2Groups {
  @inlinable @inline(__always)
  public static func zero() -> SIMD8<Int32> { SIMD8() }
  @inlinable @inline(__always)
  public static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Int16> {
    values == .int8
      ? csimd_vpmovsxbw(pixel.loadUnaligned(as: SIMD16<Int8>.self)) : pixel.loadUnaligned(as: SIMD16<Int16>.self)
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer) -> SIMD16<Int16> { loadPixel(weights) }
  @inlinable @inline(__always)
  public static func add(_ sums: inout SIMD8<Int32>, _ pixel: SIMD16<Int16>, _ weights: SIMD16<Int16>) {
    sums = sums &+ csimd_vpmaddwd(pixel, weights)
  }
  @inlinable @inline(__always)
  public static func pairs(_ first: SIMD8<Int32>, _ second: SIMD8<Int32>) -> SIMD16<Int32> {
    csimd_interleave_i32x8(first, second)
  }
}
