/// Rotation, uniform scale and shift: `x′ = a·x − b·y + shiftX`, `y′ = b·x + a·y + shiftY`.
package struct SimilarityTransform: Sendable, Equatable {
  /// The scale times the cosine of the angle.
  package var a: Double
  /// The scale times the sine of the angle.
  package var b: Double
  package var shiftX: Double
  package var shiftY: Double

  package init(a: Double, b: Double, shiftX: Double, shiftY: Double) {
    self.a = a
    self.b = b
    self.shiftX = shiftX
    self.shiftY = shiftY
  }

  /// The transform, without reflection, that brings `source` nearest to `target` in the sum of squared distances:
  /// Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991, whose singular
  /// value decomposition has this closed form in two dimensions.
  /// - Returns: nil where the counts differ, the points of either side coincide, a coordinate is not finite, or only a
  ///   reflection would relate the two.
  package static func leastSquares(from source: [Point], to target: [Point]) -> SimilarityTransform? {
    guard source.count == target.count, source.count >= 2 else { return nil }
    let from = centre(source)
    let to = centre(target)
    var along = 0.0
    var across = 0.0
    var spread = 0.0
    for (point, goal) in zip(source, target) {
      let (x, y) = (Double(point.x) - from.x, Double(point.y) - from.y)
      let (u, v) = (Double(goal.x) - to.x, Double(goal.y) - to.y)
      along += x * u + y * v
      across += x * v - y * u
      spread += x * x + y * y
    }
    let (a, b) = (along / spread, across / spread)
    let squaredScale = a * a + b * b
    guard squaredScale.isFinite, squaredScale > 1e-12 else { return nil }
    return SimilarityTransform(
      a: a, b: b, shiftX: to.x - (a * from.x - b * from.y), shiftY: to.y - (b * from.x + a * from.y))
  }

  package func applied(to point: Point) -> Point {
    let (x, y) = (Double(point.x), Double(point.y))
    return Point(x: Float(a * x - b * y + shiftX), y: Float(b * x + a * y + shiftY))
  }

  /// The transform that undoes this one; a and b must not both be 0.
  package var inverse: SimilarityTransform {
    let squaredScale = a * a + b * b
    let (c, s) = (a / squaredScale, -b / squaredScale)
    return SimilarityTransform(
      a: c, b: s, shiftX: -(c * shiftX - s * shiftY), shiftY: -(s * shiftX + c * shiftY))
  }

  /// The root of the mean squared distance, in pixels, that is left between the transformed `source` and `target`.
  package func residual(from source: [Point], to target: [Point]) -> Float {
    let squares = zip(source, target).map { point, goal in
      let moved = applied(to: point)
      return (moved.x - goal.x) * (moved.x - goal.x) + (moved.y - goal.y) * (moved.y - goal.y)
    }
    return (squares.reduce(0, +) / Float(squares.count)).squareRoot()
  }

  private static func centre(_ points: [Point]) -> (x: Double, y: Double) {
    let count = Double(points.count)
    return (points.reduce(0) { $0 + Double($1.x) } / count, points.reduce(0) { $0 + Double($1.y) } / count)
  }
}
