import CSIMD

// F(4×4, 3×3) (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015) in integers: the points are 0,
// 1, −1, 2, −2 and ∞. G's rows are without their fractions, and the rows of Aᵀ multiplied by what is missing to 24, 12,
// 6 and 6: so many times too large the four outputs of a direction come out. (The second and third row of G and Bᵀ have
// their signs changed, which their products do not show.) All is additions, subtractions and products in rings: int32
// may wrap.
//
// A tile with three outputs is F(3×3, 3×3), without the point −2: factors in its Bᵀ make it fit the same weights and
// scales.
//
// Multiplications by small numbers whose value the compiler does not see are MLA and MLS on ARM, where it would shift
// and add.

/// G of a column or row of a kernel, |w| ≤ 127: at most 7 · |w|, and 49 · |w| when done both ways.
@inlinable @inline(__always)
func winogradWeights<Weights: WeightLanes>(
  _ g0: Weights, _ g1: Weights, _ g2: Weights
) -> InlineArray<6, Weights> {
  let outer = Weights.sum(g0, g2)
  let far = Weights.far(g0, g2)
  let doubled = Weights.sum(g1, g1)
  return [
    g0, Weights.sum(outer, g1), Weights.difference(outer, g1), Weights.sum(far, doubled),
    Weights.difference(far, doubled), g2,
  ]
}

/// Vectors of int16 weights. Swift's own operators are slow loops where the type of a vector is generic.
public protocol WeightLanes: BitwiseCopyable {
  static func sum(_ a: Self, _ b: Self) -> Self
  static func difference(_ a: Self, _ b: Self) -> Self
  /// Computes a + 4 · b.
  static func far(_ a: Self, _ b: Self) -> Self
}

extension SIMD16: WeightLanes where Scalar == Int16 {
  @inlinable @inline(__always)
  public static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  @inlinable @inline(__always)
  public static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
  // The first sum is there already, and the rest is one MLA on ARM.
  @inlinable @inline(__always)
  public static func far(_ a: Self, _ b: Self) -> Self { a &+ b &+ b &* SIMD16(repeating: 3) }
}

extension SIMD32: WeightLanes where Scalar == Int16 {
  @inlinable @inline(__always)
  public static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  @inlinable @inline(__always)
  public static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
  @inlinable @inline(__always)
  public static func far(_ a: Self, _ b: Self) -> Self { csimd_plus_quadruple_i16x32(a, b) }
}

/// Bᵀ of a column or row of a tile: of signed bytes at most 10 · 128, and 12,800 when done both ways; of unsigned ones
/// 8 · 255, and 17,340.
@inlinable @inline(__always)
func winogradInput(
  _ d: InlineArray<6, SIMD16<Int16>>, _ factors: WinogradInputFactors
) -> InlineArray<6, SIMD16<Int16>> {
  let (d0, d1, d2, d3, d4, d5) = (d[0], d[1], d[2], d[3], d[4], d[5])
  let even = (d2 &<< 2) &- d4
  let odd = (d1 &<< 2) &- d3
  let difference = d4 &- d2
  let step = d3 &- d1
  let doubled = step &<< 1
  return [
    difference &+ (d0 &- d2) &* factors.four, even &+ odd, even &- odd, difference &+ doubled, difference &- doubled,
    (d5 &- d3) &+ step &* factors.minusFour,
  ]
}

/// Bᵀ of a column or row of which three outputs are wanted, and five values read: of signed bytes at most 12 · 128, and
/// 18,432 when done both ways; of unsigned ones 9 · 255, and 22,950. The fifth point has no meaning.
@inlinable @inline(__always)
func winogradNarrowInput(_ d: InlineArray<6, SIMD16<Int16>>) -> InlineArray<6, SIMD16<Int16>> {
  let (d0, d1, d2, d3, d4) = (d[0], d[1], d[2], d[3], d[4])
  let three = SIMD16<Int16>(repeating: 3)
  let step = d3 &- d1
  let doubled = d1 &<< 1
  return [
    (step &<< 1) &+ ((d0 &- d2) &<< 2), ((d2 &- d3) &+ doubled) &* three, d2 &* three &- d3 &- doubled, step &<< 2,
    SIMD16(), (d4 &- d2) &- (step &<< 1),
  ]
}

/// Bᵀ of F(3, 2), of four values. The fourth and fifth point have no meaning.
@inlinable @inline(__always)
func winogradNarrowestInput(_ d: InlineArray<6, SIMD16<Int16>>) -> InlineArray<6, SIMD16<Int16>> {
  let (d0, d1, d2, d3) = (d[0], d[1], d[2], d[3])
  let three = SIMD16<Int16>(repeating: 3)
  return [(d0 &- d2) &<< 2, (d1 &+ d2) &* three, (d2 &- d1) &* three, SIMD16(), SIMD16(), d3 &- d1]
}

#if arch(arm64)
  /// The output channels that Aᵀ takes at a time: few enough for 24 values on the way to be in registers.
  @usableFromInline typealias WinogradSums = SIMD4<Int32>
#else
  @usableFromInline typealias WinogradSums = SIMD16<Int32>
#endif

/// Aᵀ of a column or row of products, modulo 2³²: 24, 12, 6 and 6 times too large.
@inlinable @inline(__always)
func winogradOutput(
  _ m: InlineArray<6, WinogradSums>, _ factors: WinogradFactors
) -> InlineArray<4, WinogradSums> {
  let (sum, difference) = (m[1] &+ m[2], m[1] &- m[2])
  let (farSum, farDifference) = (m[3] &+ m[4], m[3] &- m[4])
  let both = difference &+ farDifference
  return [
    farSum &+ sum &* factors.four &+ m[0] &* factors.six, both &+ difference, sum &+ farSum,
    both &+ farDifference &+ m[5] &* factors.six,
  ]
}

/// Aᵀ for three outputs, as `winogradOutput`; what follows them has no meaning.
@inlinable @inline(__always)
func winogradNarrowOutput(
  _ m: InlineArray<6, WinogradSums>, _ factors: WinogradFactors
) -> InlineArray<4, WinogradSums> {
  let (sum, difference, far) = (m[1] &+ m[2], m[1] &- m[2], m[3])
  return [
    far &+ sum &* factors.four &+ m[0] &* factors.six, far &+ difference &+ difference,
    sum &+ far &+ m[5] &* factors.six, WinogradSums(),
  ]
}

/// The factors 4 and −4, hidden from the compiler.
@usableFromInline
struct WinogradInputFactors {
  @usableFromInline let four, minusFour: SIMD16<Int16>

  @inlinable @inline(__always)
  init() {
    four = csimd_opaque_i16(SIMD16(repeating: 4))
    minusFour = csimd_opaque_i16(SIMD16(repeating: -4))
  }
}

/// The factors of Aᵀ, and those that make its outputs 64 times too large: 954,437,177, which is 9⁻¹ modulo 2³², times
/// 1, 2, 4, 8 and 16. 64 · r is exact for −2²⁵ ≤ r < 2²⁵.
@usableFromInline
struct WinogradFactors {
  @usableFromInline let few, more: SIMD4<Int32>

  @inlinable @inline(__always)
  init() {
    let inverse: Int32 = 954_437_177
    few = csimd_opaque_i32(SIMD4(4, 6, inverse &<< 4, 0))
    more = csimd_opaque_i32(SIMD4(inverse, inverse &<< 1, inverse &<< 2, inverse &<< 3))
  }

  @inlinable @inline(__always)
  var four: WinogradSums { WinogradSums(repeating: few[0]) }
  @inlinable @inline(__always)
  var six: WinogradSums { WinogradSums(repeating: few[1]) }
  /// The factor of the output at a place of its tile.
  @inlinable @inline(__always)
  func inverse(row: Int, column: Int) -> WinogradSums {
    let doublings = min(row, 2) &+ min(column, 2)
    return WinogradSums(repeating: doublings < 4 ? more[doublings] : few[2])
  }
}
