/// The part of Winograd that depends on the stride: the places along one side of a tile at which it is multiplied, and
/// the transformations in that direction.
@usableFromInline
protocol WinogradForm: SendableMetatype {
  static var stride: Int { get }
  static var places: Int { get }
  /// The index of the transformed weight, of six, that a place is multiplied with.
  static func weightPlace(_ place: Int) -> Int
  /// Whether a tile of three outputs does without a place.
  static func narrowLacks(_ place: Int) -> Bool

  /// G of a column or row of a kernel, |w| ≤ 127: at most 7 · |w|, and 49 · |w| when done both ways.
  static func weights<Weights: WeightLanes>(_ g0: Weights, _ g1: Weights, _ g2: Weights) -> InlineArray<6, Weights>
  /// Bᵀ of a column or row of a tile, which fits int16 when done both ways.
  ///
  /// - Parameters:
  ///   - load: the values of the tile; as many as there are places.
  ///   - store: takes the transformed value of every place, in their order.
  static func transformInput(
    narrow: Bool, _ factors: WinogradInputFactors, _ load: (Int) -> SIMD16<Int16>, _ store: (Int, SIMD16<Int16>) -> Void
  )
  /// Aᵀ of a column or row of products, modulo 2³²: 24, 12, 6 and 6 times too large, and the last without meaning where
  /// three outputs are wanted.
  static func outputs(
    narrow: Bool, _ factors: WinogradFactors, _ load: (Int) -> WinogradSums
  ) -> InlineArray<4, WinogradSums>
}

/// F(4×4, 3×3), or F(3, 3) without the point −2 where three outputs are wanted. The places are the points 0, 1, −1, 2,
/// −2 and ∞.
@usableFromInline
enum WinogradUnitStride: WinogradForm {
  @inlinable @inline(__always)
  static var stride: Int { 1 }
  @inlinable @inline(__always)
  static var places: Int { 6 }
  @inlinable @inline(__always)
  static func weightPlace(_ place: Int) -> Int { place }
  @inlinable @inline(__always)
  static func narrowLacks(_ place: Int) -> Bool { place == 4 }

  @inlinable @inline(__always)
  static func weights<Weights: WeightLanes>(
    _ g0: Weights, _ g1: Weights, _ g2: Weights
  ) -> InlineArray<6, Weights> {
    winogradWeights(g0, g1, g2)
  }

  @inlinable @inline(__always)
  static func transformInput(
    narrow: Bool, _ factors: WinogradInputFactors, _ load: (Int) -> SIMD16<Int16>, _ store: (Int, SIMD16<Int16>) -> Void
  ) {
    let values: InlineArray<6, SIMD16<Int16>> = [load(0), load(1), load(2), load(3), load(4), load(5)]
    let points = narrow ? winogradNarrowInput(values) : winogradInput(values, factors)
    forEachConstant(6) { store($0, points[unchecked: $0]) }
  }

  @inlinable @inline(__always)
  static func outputs(
    narrow: Bool, _ factors: WinogradFactors, _ load: (Int) -> WinogradSums
  ) -> InlineArray<4, WinogradSums> {
    let products: InlineArray<6, WinogradSums> = [
      load(0), load(1), load(2), load(3), narrow ? WinogradSums() : load(4), load(5),
    ]
    return narrow ? winogradNarrowOutput(products, factors) : winogradOutput(products, factors)
  }
}

/// A kernel's first and last weight meet only values at even places, its middle one those at odd places: F(4, 2), or
/// F(3, 2), of the even ones, and one product for every output of the odd ones. The places are the points 0, 1, −1, 2
/// and ∞, and then the odd places. With the factors of F(3, 3)'s Bᵀ the even ones fit the same Aᵀ.
@usableFromInline
enum WinogradStrideTwo: WinogradForm {
  @inlinable @inline(__always)
  static var stride: Int { 2 }
  @inlinable @inline(__always)
  static var places: Int { 9 }
  @inlinable @inline(__always)
  static func weightPlace(_ place: Int) -> Int { place < 4 ? place : place == 4 ? 5 : 4 }
  @inlinable @inline(__always)
  static func narrowLacks(_ place: Int) -> Bool { place == 3 || place == 8 }

  @inlinable @inline(__always)
  static func weights<Weights: WeightLanes>(
    _ g0: Weights, _ g1: Weights, _ g2: Weights
  ) -> InlineArray<6, Weights> {
    let outer = Weights.sum(g0, g2)
    return [g0, outer, Weights.difference(g0, g2), Weights.sum(outer, g2), g1, g2]
  }

  @inlinable @inline(__always)
  static func transformInput(
    narrow: Bool, _ factors: WinogradInputFactors, _ load: (Int) -> SIMD16<Int16>, _ store: (Int, SIMD16<Int16>) -> Void
  ) {
    let even: InlineArray<6, SIMD16<Int16>> = [load(0), load(2), load(4), load(6), load(8), SIMD16()]
    let points = narrow ? winogradNarrowestInput(even) : winogradNarrowInput(even)
    store(0, points[0])
    store(1, points[1])
    store(2, points[2])
    store(3, points[3])
    store(4, points[5])
    store(5, load(1))
    store(6, load(3))
    store(7, load(5))
    store(8, load(7))
  }

  @inlinable @inline(__always)
  static func outputs(
    narrow: Bool, _ factors: WinogradFactors, _ load: (Int) -> WinogradSums
  ) -> InlineArray<4, WinogradSums> {
    let zero = WinogradSums()
    let even: InlineArray<6, WinogradSums> = [load(0), load(1), load(2), narrow ? zero : load(3), zero, load(4)]
    var outputs = narrow ? winogradNarrowOutput(even, factors) : winogradOutput(even, factors)
    outputs[0] = outputs[0] &+ load(5) &* WinogradSums(repeating: 24)
    outputs[1] = outputs[1] &+ load(6) &* WinogradSums(repeating: 12)
    outputs[2] = outputs[2] &+ load(7) &* factors.six
    if !narrow { outputs[3] = outputs[3] &+ load(8) &* factors.six }
    return outputs
  }
}
