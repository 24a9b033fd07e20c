import CSIMD
import SIMDKernels

extension VNNI {
  /// Grouped convolutions of int8 by VPDPBUSD: one for 64 products.
  enum Int8GroupDot: GroupedDot {
    @inline(__always)
    static func zero() -> SIMD16<Int32> { SIMD16() }
    @inline(__always)
    static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Int32> {
      unsafeBitCast(csimd_repeat_16_bytes(pixel.loadUnaligned(as: SIMD16<Int8>.self)), to: SIMD16<Int32>.self)
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
    static func dot(_ sums: inout SIMD16<Int32>, _ pixel: SIMD16<Int32>, _ weights: SIMD64<Int8>) {
      sums = csimd_vpdpbusd(sums, pixel, weights)
    }
    @inline(__always)
    static func sums(_ sums: SIMD16<Int32>) -> SIMD16<Int32> { sums }
  }

  /// The products of int16 by VPMADDWD, which adds up neighbouring channels' products.
  enum Int16Pairs: GroupedProducts {
    typealias Sum = Int32

    static var values: StoredValues { .int16 }

    @inline(__always)
    static func zero() -> SIMD8<Int32> { SIMD8() }
    @inline(__always)
    static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Int16> { pixel.loadUnaligned(as: SIMD16<Int16>.self) }
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer) -> SIMD16<Int16> { loadPixel(weights) }
    @inline(__always)
    static func add(_ sums: inout SIMD8<Int32>, _ pixel: SIMD16<Int16>, _ weights: SIMD16<Int16>) {
      sums = sums &+ csimd_vpmaddwd(pixel, weights)
    }
    @inline(__always)
    static func pairs(_ first: SIMD8<Int32>, _ second: SIMD8<Int32>) -> SIMD16<Int32> {
      csimd_interleave_i32x8(first, second)
    }
  }
}
