import CSIMD
import SIMDKernels

/// Products of interleaved pixels in steps of eight bytes, which ZIP1 and ZIP2 bring side by side.
public protocol EightByteSteps: InterleavedInt8Products {}

extension EightByteSteps {
  @inlinable @inline(__always)
  public static var stepBytes: Int { 8 }

  @inlinable @inline(__always)
  public static func interleave(
    _ a: SIMD16<Int8>, _ b: SIMD16<Int8>, _ c: SIMD16<Int8>, _ d: SIMD16<Int8>, to output: UnsafeMutableRawPointer,
    stepStride: Int
  ) {
    csimd_store_2_i8x16(output, csimd_zip1_8_bytes(a, b), csimd_zip1_8_bytes(c, d))
    csimd_store_2_i8x16(output + stepStride, csimd_zip2_8_bytes(a, b), csimd_zip2_8_bytes(c, d))
  }
}
