import CSIMD
import SIMDKernels

extension AVXVNNI {
  /// Grouped convolutions by VPDPBUSD: two for 64 products.
  enum Int8GroupDot: GroupedDot {
    @inline(__always)
    static func zero() -> SIMD16<Int32> { SIMD16() }
    @inline(__always)
    static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD8<Int32> {
      unsafeBitCast(csimd_repeat_16_bytes_256(pixel.loadUnaligned(as: SIMD16<Int8>.self)), to: SIMD8<Int32>.self)
    }
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer) -> SIMD64<Int8> {
      weights.loadUnaligned(as: SIMD64<Int8>.self)
    }
    @inline(__always)
    static func loadPairs(_ weights: UnsafeRawPointer) -> SIMD64<Int8> {
      csimd_separate_pairs(weights.loadUnaligned(as: SIMD32<Int8>.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixel: SIMD8<Int32>, _ weights: SIMD64<Int8>) {
      sums = SIMD16(
        lowHalf: csimd_vpdpbusd_256(sums.lowHalf, pixel, csimd_half_0(weights)),
        highHalf: csimd_vpdpbusd_256(sums.highHalf, pixel, csimd_half_1(weights)))
    }
    @inline(__always)
    static func sums(_ sums: SIMD16<Int32>) -> SIMD16<Int32> { sums }
  }
}
