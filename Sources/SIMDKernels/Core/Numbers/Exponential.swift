import CSIMD

/// `exp(y)` for y within −60…60, to which it is clamped: a relative error below 2·10⁻⁷, and the same bits everywhere.
/// What NaN gives is not defined.
///
/// exp(y) = 2ⁿ · p(y − n·ln 2), n = y / ln 2 rounded, p the Taylor polynomial of degree 6 in Horner form, whose
/// remainder on |r| ≤ ln 2 / 2 is below 1.3·10⁻⁷. ln 2 is subtracted in two parts (Cody and Waite), the first exact in
/// 9 bits.
@inlinable @inline(__always)
public func exponential(_ y: SIMD16<Float>) -> SIMD16<Float> {
  let y = csimd_clamp_f32(y, -60, 60)
  let exponent = roundToNearestEven(y * 1.442_695, limit: 128)
  let n = csimd_float_from_int(exponent)
  let r = (y - n * 0.693_359_4) - n * -0.000_212_194_44
  var p = SIMD16<Float>(repeating: 1 / 720)
  p = p * r + 1 / 120
  p = p * r + 1 / 24
  p = p * r + 1 / 6
  p = p * r + 0.5
  p = p * r + 1
  p = p * r + 1
  let power = unsafeBitCast((exponent &+ 127) &<< 23, to: SIMD16<Float>.self)
  return p * power
}

/// `exponential` of one number.
public func exponential(_ y: Float) -> Float { exponential(SIMD16(repeating: y))[0] }
