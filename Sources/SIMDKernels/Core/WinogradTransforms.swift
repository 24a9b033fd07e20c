// F(4×4, 3×3) (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015) in integers: the points are
// 0, 1, −1, 2, −2 and ∞. Rows of G are multiplied by 24, the last one by 6 with the last column of Aᵀ by 4 instead, and two
// rows of G and Bᵀ have their signs changed, which their products do not show. So every output comes out 24² = 576 times
// too large, and everything is additions, subtractions and shifts in rings: int32 may wrap.

/// Gᵀ of a column or row of a kernel, |w| ≤ 127: at most 12 · |w|, and 144 · |w| when done both ways.
@inlinable @inline(__always)
func winogradWeights(
  _ g0: SIMD16<Int16>, _ g1: SIMD16<Int16>, _ g2: SIMD16<Int16>
) -> InlineArray<6, SIMD16<Int16>> {
  let outer = (g0 &+ g2) &<< 2
  let middle = g1 &<< 2
  let far = g0 &+ (g2 &<< 2)
  let doubled = g1 &<< 1
  return [
    (g0 &<< 2) &+ (g0 &<< 1), outer &+ middle, outer &- middle, far &+ doubled, far &- doubled,
    (g2 &<< 2) &+ (g2 &<< 1),
  ]
}

/// Bᵀ of a column or row of a tile, int8: at most 10 · 128, and 12,800 when done both ways.
@inlinable @inline(__always)
func winogradInput(_ d: InlineArray<6, SIMD16<Int16>>) -> InlineArray<6, SIMD16<Int16>> {
  let (d0, d1, d2, d3, d4, d5) = (d[0], d[1], d[2], d[3], d[4], d[5])
  let even = (d2 &<< 2) &- d4
  let odd = (d1 &<< 2) &- d3
  let difference = d4 &- d2
  let step = d3 &- d1
  return [
    ((d0 &- d2) &<< 2) &+ difference, even &+ odd, even &- odd, difference &+ (step &<< 1),
    difference &- (step &<< 1), (d5 &- d3) &- (step &<< 2),
  ]
}

/// Aᵀ of a column or row of products, modulo 2³².
@inlinable @inline(__always)
func winogradOutput(_ m: InlineArray<6, SIMD16<Int32>>) -> InlineArray<4, SIMD16<Int32>> {
  let sum = m[1] &+ m[2]
  let difference = m[1] &- m[2]
  let farSum = m[3] &+ m[4]
  let farDifference = m[3] &- m[4]
  return [
    m[0] &+ sum &+ farSum, difference &+ (farDifference &<< 1), sum &+ (farSum &<< 2),
    difference &+ (farDifference &<< 3) &+ (m[5] &<< 2),
  ]
}

/// 576 · r modulo 2³² → r, exact for −2²⁵ ≤ r < 2²⁵: 954,437,177 is 9⁻¹ modulo 2³², which leaves 64 · r.
@inlinable @inline(__always)
func winogradUnscaled(_ sums: SIMD16<Int32>) -> SIMD16<Int32> {
  (sums &* SIMD16(repeating: 954_437_177)) &>> 6
}
