import CSIMD
import SIMDKernels

/// Columns by SDOT: eight ZIP bring the bytes of a channel side by side, of which the fourth is 0; four SDOT are the
/// products of 16 channels.
public protocol SDOTColumns: DepthwiseColumns where Column == csimd_4_i8x16 {}

extension SDOTColumns {
  @inlinable @inline(__always)
  public static func loadColumn(_ pixel: UnsafeRawPointer, rowBytes: Int) -> csimd_4_i8x16 {
    csimd_interleave_three(
      pixel.loadUnaligned(as: SIMD16<Int8>.self), (pixel + rowBytes).loadUnaligned(as: SIMD16<Int8>.self),
      (pixel + 2 &* rowBytes).loadUnaligned(as: SIMD16<Int8>.self))
  }
  @inlinable @inline(__always)
  public static func sums(
    _ start: SIMD16<Int32>, _ left: csimd_4_i8x16, _ middle: csimd_4_i8x16, _ right: csimd_4_i8x16,
    _ weights: ColumnWeights<csimd_4_i8x16>
  ) -> SIMD16<Int32> {
    csimd_join_i32(
      sum(start.lowHalf.lowHalf, left.a, middle.a, right.a, weights.left.a, weights.middle.a, weights.right.a),
      sum(start.lowHalf.highHalf, left.b, middle.b, right.b, weights.left.b, weights.middle.b, weights.right.b),
      sum(start.highHalf.lowHalf, left.c, middle.c, right.c, weights.left.c, weights.middle.c, weights.right.c),
      sum(start.highHalf.highHalf, left.d, middle.d, right.d, weights.left.d, weights.middle.d, weights.right.d))
  }
  @inlinable @inline(__always)
  static func sum(
    _ start: SIMD4<Int32>, _ left: SIMD16<Int8>, _ middle: SIMD16<Int8>, _ right: SIMD16<Int8>,
    _ leftWeights: SIMD16<Int8>, _ middleWeights: SIMD16<Int8>, _ rightWeights: SIMD16<Int8>
  ) -> SIMD4<Int32> {
    csimd_sdot(csimd_sdot(csimd_sdot(start, left, leftWeights), middle, middleWeights), right, rightWeights)
  }
}
