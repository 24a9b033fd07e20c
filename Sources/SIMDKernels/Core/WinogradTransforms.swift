import CSIMD

// F(4×4, 3×3) (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015) in integers: the points are
// 0, 1, −1, 2, −2 and ∞. The rows of G are multiplied by 4, 6, 6, 24, 24 and 1, which leaves no fractions, and the columns of Aᵀ
// by 6, 4, 4, 1, 1 and 24, so that every output comes out 24² = 576 times too large. (The second and third row of G and Bᵀ
// have their signs changed, which their products do not show.) All is additions, subtractions and products in rings: int32
// may wrap.

/// G of a column or row of a kernel, |w| ≤ 127: at most 7 · |w|, and 49 · |w| when done both ways.
@inlinable @inline(__always)
func winogradWeights<Weights: WeightLanes>(
  _ g0: Weights, _ g1: Weights, _ g2: Weights
) -> InlineArray<6, Weights> {
  let outer = Weights.sum(g0, g2)
  let far = Weights.sum(g0, g2.quadrupled)
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
  var quadrupled: Self { get }
}

extension SIMD16: WeightLanes where Scalar == Int16 {
  @inlinable @inline(__always)
  public static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  @inlinable @inline(__always)
  public static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
  @inlinable @inline(__always)
  public var quadrupled: Self { self &<< 2 }
}

extension SIMD32: WeightLanes where Scalar == Int16 {
  @inlinable @inline(__always)
  public static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
  @inlinable @inline(__always)
  public static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
  @inlinable @inline(__always)
  public var quadrupled: Self { csimd_quadrupled_i16x32(self) }
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

/// Bᵀ of a column or row of which only two outputs are wanted, F(2, 3): the points 2 and −2 are left out, and the others have
/// the factors with which the same weights fit.
@inlinable @inline(__always)
func winogradHalfInput(_ d: InlineArray<6, SIMD16<Int16>>) -> InlineArray<6, SIMD16<Int16>> {
  let (d0, d1, d2, d3) = (d[0], d[1], d[2], d[3])
  let three = SIMD16<Int16>(repeating: 3)
  return [d0 &- d2, (d1 &+ d2) &* three, (d2 &- d1) &* three, SIMD16(), SIMD16(), d3 &- d1]
}

@inlinable @inline(__always)
func winogradInput(_ d: InlineArray<6, SIMD16<Int16>>, half: Bool) -> InlineArray<6, SIMD16<Int16>> {
  half ? winogradHalfInput(d) : winogradInput(d)
}

/// Aᵀ of a column or row of products, modulo 2³².
@inlinable @inline(__always)
func winogradOutput(_ m: InlineArray<6, SIMD16<Int32>>) -> InlineArray<4, SIMD16<Int32>> {
  let sum = (m[1] &+ m[2]) &<< 2
  let difference = (m[1] &- m[2]) &<< 2
  let farSum = m[3] &+ m[4]
  let farDifference = m[3] &- m[4]
  return [
    sum &+ farSum &+ m[0] &* SIMD16(repeating: 6), difference &+ (farDifference &<< 1), sum &+ (farSum &<< 2),
    difference &+ (farDifference &<< 3) &+ m[5] &* SIMD16(repeating: 24),
  ]
}

/// Aᵀ of two outputs, modulo 2³²; what stands behind them has no meaning.
@inlinable @inline(__always)
func winogradHalfOutput(_ m: InlineArray<6, SIMD16<Int32>>) -> InlineArray<4, SIMD16<Int32>> {
  let scale = SIMD16<Int32>(repeating: 24)
  return [
    ((m[1] &+ m[2]) &<< 2) &+ m[0] &* scale, ((m[1] &- m[2]) &<< 2) &+ m[5] &* scale, SIMD16(), SIMD16(),
  ]
}

@inlinable @inline(__always)
func winogradOutput(_ m: InlineArray<6, SIMD16<Int32>>, half: Bool) -> InlineArray<4, SIMD16<Int32>> {
  half ? winogradHalfOutput(m) : winogradOutput(m)
}

/// 576 · r modulo 2³² → r, exact for −2²⁵ ≤ r < 2²⁵: 954,437,177 is 9⁻¹ modulo 2³², which leaves 64 · r.
@inlinable @inline(__always)
func winogradUnscaled(_ sums: SIMD16<Int32>) -> SIMD16<Int32> {
  (sums &* SIMD16(repeating: 954_437_177)) &>> 6
}

/// Six transformed columns of `height` values.
@usableFromInline
struct SixColumns<let height: Int, Value: SIMDScalar> {
  @usableFromInline typealias Column = InlineArray<height, SIMD16<Value>>
  @usableFromInline let a, b, c, d, e, f: Column

  @inlinable @inline(__always)
  init(_ a: Column, _ b: Column, _ c: Column, _ d: Column, _ e: Column, _ f: Column) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  @inlinable @inline(__always)
  func row(_ row: Int) -> InlineArray<6, SIMD16<Value>> {
    [a[unchecked: row], b[unchecked: row], c[unchecked: row], d[unchecked: row], e[unchecked: row], f[unchecked: row]]
  }
}

/// Calls `body` with 0…5, each of them a constant, so that what it indexes can be in registers.
@inlinable @inline(__always)
func forSix(_ body: (Int) -> Void) {
  body(0)
  body(1)
  body(2)
  body(3)
  body(4)
  body(5)
}
