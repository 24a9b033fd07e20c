import CSIMD
import SIMDKernels

/// Grouped convolutions by SDOT: four of them for 64 products.
public protocol SDOTGroups: GroupedDot
where Accumulator == SDOTSums, PixelVector == SIMD16<Int8>, WeightVector == csimd_4_i8x16 {}

extension SDOTGroups {
  @inlinable @inline(__always)
  public static func zero() -> SDOTSums { SDOTSums() }
  @inlinable @inline(__always)
  public static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Int8> {
    pixel.loadUnaligned(as: SIMD16<Int8>.self)
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer) -> csimd_4_i8x16 { csimd_load_4_i8x16(weights) }
  @inlinable @inline(__always)
  public static func loadPairs(_ weights: UnsafeRawPointer) -> csimd_4_i8x16 {
    csimd_separate_pairs(csimd_load_2_i8x16(weights))
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout SDOTSums, _ pixel: SIMD16<Int8>, _ weights: csimd_4_i8x16) {
    sums.a = csimd_sdot(sums.a, pixel, weights.a)
    sums.b = csimd_sdot(sums.b, pixel, weights.b)
    sums.c = csimd_sdot(sums.c, pixel, weights.c)
    sums.d = csimd_sdot(sums.d, pixel, weights.d)
  }
  @inlinable @inline(__always)
  public static func sums(_ sums: SDOTSums) -> SIMD16<Int32> { sums.total }
}
