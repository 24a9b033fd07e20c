import CSIMD

// F(4×4, 3×3) as in WinogradTransforms.swift, in float: the same points 0, 1, −1, 2, −2 and ∞, the same Bᵀ, and G multiplied
// by the same factors, so that its rows are sums of weights. Aᵀ takes them back.

/// G of a column or row of a kernel.
@inlinable @inline(__always)
func winogradWeights(
  _ g0: SIMD16<Float>, _ g1: SIMD16<Float>, _ g2: SIMD16<Float>
) -> InlineArray<6, SIMD16<Float>> {
  let outer = g0 + g2
  let far = csimd_multiply_add(g2, 4, g0)
  return [
    g0, outer + g1, outer - g1, csimd_multiply_add(g1, 2, far), csimd_multiply_add(g1, -2, far), g2,
  ]
}

/// Bᵀ of a column or row of a tile.
@inlinable @inline(__always)
func winogradInput(_ d: InlineArray<6, SIMD16<Float>>) -> InlineArray<6, SIMD16<Float>> {
  let (d0, d1, d2, d3, d4, d5) = (d[0], d[1], d[2], d[3], d[4], d[5])
  let even = csimd_multiply_add(d2, 4, -d4)
  let odd = csimd_multiply_add(d1, 4, -d3)
  let difference = d4 - d2
  let step = d3 - d1
  return [
    csimd_multiply_add(d0 - d2, 4, difference), even + odd, even - odd, csimd_multiply_add(step, 2, difference),
    csimd_multiply_add(step, -2, difference), csimd_multiply_add(step, -4, d5 - d3),
  ]
}

/// Bᵀ of a column or row of which only two outputs are wanted; see the one of int8.
@inlinable @inline(__always)
func winogradHalfInput(_ d: InlineArray<6, SIMD16<Float>>) -> InlineArray<6, SIMD16<Float>> {
  let (d0, d1, d2, d3) = (d[0], d[1], d[2], d[3])
  return [d0 - d2, (d1 + d2) * 3, (d2 - d1) * 3, SIMD16(), SIMD16(), d3 - d1]
}

@inlinable @inline(__always)
func winogradInput(_ d: InlineArray<6, SIMD16<Float>>, half: Bool) -> InlineArray<6, SIMD16<Float>> {
  half ? winogradHalfInput(d) : winogradInput(d)
}

/// Aᵀ of a column or row of products, its columns divided by G's factors 4, 6, 6, 24, 24 and 1.
@inlinable @inline(__always)
func winogradOutput(_ m: InlineArray<6, SIMD16<Float>>) -> InlineArray<4, SIMD16<Float>> {
  let sum = (m[1] + m[2]) * (1 / 6)
  let difference = (m[1] - m[2]) * (1 / 6)
  let farSum = m[3] + m[4]
  let farDifference = m[3] - m[4]
  return [
    csimd_multiply_add(m[0], 1 / 4, csimd_multiply_add(farSum, 1 / 24, sum)),
    csimd_multiply_add(farDifference, 1 / 12, difference), csimd_multiply_add(farSum, 1 / 6, sum),
    csimd_multiply_add(farDifference, 1 / 3, difference) + m[5],
  ]
}

/// Aᵀ of two outputs; what stands behind them has no meaning.
@inlinable @inline(__always)
func winogradHalfOutput(_ m: InlineArray<6, SIMD16<Float>>) -> InlineArray<4, SIMD16<Float>> {
  [
    csimd_multiply_add(m[1] + m[2], 1 / 6, m[0]), csimd_multiply_add(m[1] - m[2], 1 / 6, m[5]), SIMD16(), SIMD16(),
  ]
}

@inlinable @inline(__always)
func winogradOutput(_ m: InlineArray<6, SIMD16<Float>>, half: Bool) -> InlineArray<4, SIMD16<Float>> {
  half ? winogradHalfOutput(m) : winogradOutput(m)
}
