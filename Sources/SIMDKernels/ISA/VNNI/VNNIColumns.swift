import CSIMD
import SIMDKernels

extension VNNI {
  /// One VPDPBUSD for a column: a load of each of its three pixels and one VPERMB bring the bytes of a channel side by side.
  /// The fourth of them is multiplied by 0.
  enum Int8Columns: DepthwiseColumns {
    @inline(__always)
    static func loadColumn(_ pixel: UnsafeRawPointer, rowBytes: Int) -> SIMD64<Int8> {
      csimd_interleave_three(
        pixel.loadUnaligned(as: SIMD16<Int8>.self), (pixel + rowBytes).loadUnaligned(as: SIMD16<Int8>.self),
        (pixel + 2 &* rowBytes).loadUnaligned(as: SIMD16<Int8>.self))
    }
    /// Pixels are stored 128 too high, so the sums come out 128·Σw too high.
    @inline(__always)
    static func start(_ bias: SIMD16<Int32>, _ weights: ColumnWeights<SIMD64<Int8>>) -> SIMD16<Int32> {
      let column = SIMD64<Int8>(repeating: -128)
      return bias &- sums(SIMD16(), column, column, column, weights)
    }
    @inline(__always)
    static func sums(
      _ start: SIMD16<Int32>, _ left: SIMD64<Int8>, _ middle: SIMD64<Int8>, _ right: SIMD64<Int8>,
      _ weights: ColumnWeights<SIMD64<Int8>>
    ) -> SIMD16<Int32> {
      var sums = csimd_vpdpbusd(start, unsafeBitCast(left, to: SIMD16<Int32>.self), weights.left)
      sums = csimd_vpdpbusd(sums, unsafeBitCast(middle, to: SIMD16<Int32>.self), weights.middle)
      return csimd_vpdpbusd(sums, unsafeBitCast(right, to: SIMD16<Int32>.self), weights.right)
    }
  }
}
