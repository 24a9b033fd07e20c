/// Turns the weights of one output channel into integers.
package protocol WeightRounding: Sendable {
  /// The name in recipes: one word, of `MethodRegistry.roundings`.
  var name: String { get }
  /// - Parameters:
  ///   - weights: of one output channel, already multiplied with their inputs' scales.
  ///   - limit: the largest magnitude that the integers may have.
  /// - Returns: integers `q` and a step with `weights ≈ q · step`.
  func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float)
}

/// The largest weight becomes `limit`; every weight is rounded to the nearest integer.
package struct NearestRounding: WeightRounding {
  package init() {}

  package var name: String { "nearest" }

  package func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    let largest = weights.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return ([Int16](repeating: 0, count: weights.count), 0) }
    let step = largest / limit
    return (nearest(weights, step: step, limit: limit), step)
  }
}

/// Rounds to the nearest integer at the step with the smallest sum of squared errors: a smaller step than the largest
/// weight asks for clips few weights and makes all others finer.
package struct MinimumErrorRounding: WeightRounding {
  /// Steps tried, from that of the largest weight down to half of it.
  private let candidates = 20

  package init() {}

  package var name: String { "least-error" }

  package func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    let largest = weights.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return ([Int16](repeating: 0, count: weights.count), 0) }
    var best = (error: Float.infinity, step: largest / limit)
    for candidate in 0..<candidates {
      let step = largest / limit * (1 - 0.5 * Float(candidate) / Float(candidates))
      let error = squaredError(weights, step: step, limit: limit)
      if error < best.error { best = (error, step) }
    }
    return (nearest(weights, step: best.step, limit: limit), best.step)
  }

  private func squaredError(_ weights: [Float], step: Float, limit: Float) -> Float {
    let inverse = 1 / step
    var error: Float = 0
    for weight in weights {
      let rounded = min(max((weight * inverse).rounded(.toNearestOrEven), -limit), limit)
      let difference = weight - rounded * step
      error += difference * difference
    }
    return error
  }
}

private func nearest(_ weights: [Float], step: Float, limit: Float) -> [Int16] {
  weights.map { Int16(min(max(($0 / step).rounded(.toNearestOrEven), -limit), limit)) }
}
