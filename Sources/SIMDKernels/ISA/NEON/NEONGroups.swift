import CSIMD
import SIMDKernels

/// Grouped convolutions of int8 by SMULL, SMLAL and SADALP, which adds up neighbouring channels: six instructions for
/// 16 channels at two positions.
enum NEONGroups: GroupedProducts {
  typealias Sum = Int32

  static var values: StoredValues { .int8 }

  @inline(__always)
  static func zero() -> PartialSums.Quarter { PartialSums.Quarter(low: SIMD4(), high: SIMD4()) }
  @inline(__always)
  static func loadPixel(_ pixel: UnsafeRawPointer) -> SIMD16<Int8> { pixel.loadUnaligned(as: SIMD16<Int8>.self) }
  @inline(__always)
  static func loadWeights(_ weights: UnsafeRawPointer) -> SIMD16<Int8> { loadPixel(weights) }
  @inline(__always)
  static func add(_ sums: inout PartialSums.Quarter, _ pixel: SIMD16<Int8>, _ weights: SIMD16<Int8>) {
    sums.low = csimd_sadalp(sums.low, csimd_smull(pixel, weights))
    sums.high = csimd_sadalp(sums.high, csimd_smull2(pixel, weights))
  }
  // |weight| ≤ 127, so a sum of two products is at most 32,512 and fits 16 bits.
  @inline(__always)
  static func add(
    _ sums: inout PartialSums.Quarter, _ first: SIMD16<Int8>, _ firstWeights: SIMD16<Int8>, _ second: SIMD16<Int8>,
    _ secondWeights: SIMD16<Int8>
  ) {
    sums.low = csimd_sadalp(sums.low, csimd_smlal(csimd_smull(first, firstWeights), second, secondWeights))
    sums.high = csimd_sadalp(sums.high, csimd_smlal2(csimd_smull2(first, firstWeights), second, secondWeights))
  }
  @inline(__always)
  static func pairs(_ first: PartialSums.Quarter, _ second: PartialSums.Quarter) -> SIMD16<Int32> {
    csimd_interleave_i32x8(
      SIMD8(lowHalf: first.low, highHalf: first.high), SIMD8(lowHalf: second.low, highHalf: second.high))
  }
}
