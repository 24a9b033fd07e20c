import CSIMD

// F(4×4, 3×3) as in WinogradTransforms.swift, in float: the same points 0, 1, −1, 2, −2 and ∞, the same Bᵀ, and G
// without its fractions, so that its rows are sums of weights; Aᵀ has them instead.

/// Applies G to a column or row of a kernel.
@inlinable @inline(__always)
func floatWinogradWeights(
  _ g0: SIMD16<Float>, _ g1: SIMD16<Float>, _ g2: SIMD16<Float>
) -> InlineArray<6, SIMD16<Float>> {
  let outer = g0 + g2
  let far = csimd_multiply_add(g2, 4, g0)
  return [
    g0, outer + g1, outer - g1, csimd_multiply_add(g1, 2, far), csimd_multiply_add(g1, -2, far), g2,
  ]
}

/// Applies Bᵀ to a column or row of a tile.
@inlinable @inline(__always)
func floatWinogradInput(_ d: InlineArray<6, SIMD16<Float>>) -> InlineArray<6, SIMD16<Float>> {
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

/// Bᵀ of a column or row of which three outputs are wanted, and five values read. The fifth point has no meaning.
@inlinable @inline(__always)
func floatWinogradNarrowInput(_ d: InlineArray<6, SIMD16<Float>>) -> InlineArray<6, SIMD16<Float>> {
  let (d0, d1, d2, d3, d4) = (d[0], d[1], d[2], d[3], d[4])
  let step = d3 - d1
  return [
    csimd_multiply_add(d0 - d2, 4, step + step), csimd_multiply_add(d1, 2, d2 - d3) * 3,
    csimd_multiply_add(d2, 3, csimd_multiply_add(d1, -2, -d3)), step * 4, SIMD16(),
    csimd_multiply_add(step, -2, d4 - d2),
  ]
}

@inlinable @inline(__always)
func floatWinogradInput(_ d: InlineArray<6, SIMD16<Float>>, narrow: Bool) -> InlineArray<6, SIMD16<Float>> {
  narrow ? floatWinogradNarrowInput(d) : floatWinogradInput(d)
}

/// Aᵀ of a column or row of products, its columns divided by G's factors 4, 6, 6, 24, 24 and 1.
@inlinable @inline(__always)
func floatWinogradOutput(_ m: InlineArray<6, SIMD16<Float>>) -> InlineArray<4, SIMD16<Float>> {
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

/// Aᵀ of three outputs; what follows them has no meaning.
@inlinable @inline(__always)
func floatWinogradNarrowOutput(_ m: InlineArray<6, SIMD16<Float>>) -> InlineArray<4, SIMD16<Float>> {
  let sum = (m[1] + m[2]) * (1 / 6)
  let difference = (m[1] - m[2]) * (1 / 6)
  let far = m[3]
  return [
    csimd_multiply_add(m[0], 1 / 4, csimd_multiply_add(far, 1 / 24, sum)), csimd_multiply_add(far, 1 / 12, difference),
    csimd_multiply_add(far, 1 / 6, sum) + m[5], SIMD16(),
  ]
}

@inlinable @inline(__always)
func floatWinogradOutput(_ m: InlineArray<6, SIMD16<Float>>, narrow: Bool) -> InlineArray<4, SIMD16<Float>> {
  narrow ? floatWinogradNarrowOutput(m) : floatWinogradOutput(m)
}
