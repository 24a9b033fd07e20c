import CSIMD

/// Rounds to the nearest integer, ties to even, after clamping to ±`limit` (at most 2²¹).
///
/// Adding 1.5·2²³ leaves a float whose last mantissa bit is worth 1, so the addition itself rounds, in the IEEE mode that
/// every machine starts in, and the integer stands in the low bits. No instruction set's own rounding is involved.
///
/// | x | −1.5 | −0.5 | 0.5 | 1.5 | 2.5 | 2.500001 |
/// |---|------|------|-----|-----|-----|----------|
/// | result | −2 | 0 | 0 | 2 | 2 | 3 |
@inlinable @inline(__always)
public func roundToNearestEven(_ x: SIMD16<Float>, limit: Float) -> SIMD16<Int32> {
  let shifted = csimd_clamp_f32(x, -limit, limit) + SIMD16(repeating: 12_582_912)
  return unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- SIMD16(repeating: 0x4B40_0000)
}

/// 16 values from any address.
@inlinable @inline(__always)
func load<Scalar: SIMDScalar>(_ pointer: UnsafePointer<Scalar>) -> SIMD16<Scalar>
where SIMD16<Scalar>: BitwiseCopyable {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Scalar>.self)
}
