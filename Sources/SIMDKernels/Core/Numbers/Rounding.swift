import CSIMD

/// Rounds to the nearest integer, ties to even, after clamping to ±`limit` (at most 2²¹).
///
/// It is one instruction, CVTPS2DQ or FCVTNS, in the IEEE mode that every machine starts in.
///
/// | x | −1.5 | −0.5 | 0.5 | 1.5 | 2.5 | 2.500001 |
/// |---|------|------|-----|-----|-----|----------|
/// | result | −2 | 0 | 0 | 2 | 2 | 3 |
@inlinable @inline(__always)
func roundToNearestEven(_ x: SIMD16<Float>, limit: Float) -> SIMD16<Int32> {
  roundToNearestEven(x, lowest: -limit, highest: limit)
}

@inlinable @inline(__always)
func roundToNearestEven(_ x: SIMD16<Float>, lowest: Float, highest: Float) -> SIMD16<Int32> {
  #if arch(x86_64)
    return csimd_cvtps2dq(csimd_clamp_f32(x, lowest, highest))
  #else
    return csimd_clamp_i32(csimd_fcvtns(x), Int32(lowest), Int32(highest))
  #endif
}

/// Rounds what is then saturated to an integer of fewer bits: it is clamped to ±`highest`, or on x86 to anything below
/// −`highest` instead of −`highest`, because its instruction makes the smallest integer of what is too small.
@inlinable @inline(__always)
func roundToNearestEven(_ x: SIMD16<Float>, highest: Float) -> SIMD16<Int32> {
  #if arch(x86_64)
    return csimd_cvtps2dq(csimd_at_most_f32(x, highest))
  #else
    return roundToNearestEven(x, lowest: -highest, highest: highest)
  #endif
}

/// `clamp(roundToNearestEven(x) + zero)` in int8.
///
/// ARM rounds in one instruction (FCVTNS) and clamps while it narrows (SQXTN): sums that saturate earlier than the
/// definition's clamp do are beyond int8 either way.
@inlinable @inline(__always)
func roundedToInt8(_ x: SIMD16<Float>, zero: SIMD16<Int8>) -> SIMD16<Int8> {
  #if arch(arm64)
    csimd_sqxtn_i8(csimd_sqadd_i16(csimd_sqxtn_i16(csimd_fcvtns(x)), csimd_widen_i8_to_i16(zero)))
  #else
    csimd_saturate_i8(roundToNearestEven(x, limit: 512) &+ csimd_widen_i8(zero))
  #endif
}

/// `clamp(roundToNearestEven(x))` in int8.
@inlinable @inline(__always)
func roundedToInt8(_ x: SIMD16<Float>) -> SIMD16<Int8> {
  #if arch(arm64)
    csimd_sqxtn_i8(csimd_sqxtn_i16(csimd_fcvtns(x)))
  #else
    csimd_saturate_i8(roundToNearestEven(x, highest: 512))
  #endif
}

/// `clamp(roundToNearestEven(x))` in int16.
@inlinable @inline(__always)
func roundedToInt16(_ x: SIMD16<Float>) -> SIMD16<Int16> {
  #if arch(arm64)
    csimd_sqxtn_i16(csimd_fcvtns(x))
  #else
    csimd_saturate_i16(roundToNearestEven(x, highest: 65536))
  #endif
}

/// `roundToNearestEven(x)`, clamped to `lowest`…`highest`.
@inlinable @inline(__always)
func roundedToInt16(_ x: SIMD16<Float>, lowest: Int16, highest: Int16) -> SIMD16<Int16> {
  #if arch(arm64)
    csimd_clamp_i16(csimd_sqxtn_i16(csimd_fcvtns(x)), lowest, highest)
  #else
    // Integers as limits: what is clamped first is rounded to the same.
    csimd_narrow_to_i16(roundToNearestEven(x, lowest: Float(lowest), highest: Float(highest)))
  #endif
}

/// `clamp(roundToNearestEven(x) + addend)` in int16.
@inlinable @inline(__always)
func roundedToInt16(_ x: SIMD16<Float>, adding addend: SIMD16<Int16>) -> SIMD16<Int16> {
  #if arch(arm64)
    csimd_sqxtn_i16(csimd_sqadd_i32(csimd_fcvtns(x), csimd_widen_i16(addend)))
  #else
    csimd_saturate_i16(roundToNearestEven(x, limit: 65536) &+ csimd_widen_i16(addend))
  #endif
}
