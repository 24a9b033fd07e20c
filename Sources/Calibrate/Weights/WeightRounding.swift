/// Turns the weights of one output channel into integers.
public protocol WeightRounding: Sendable {
  var name: String { get }
  /// - Parameters:
  ///   - weights: of one output channel, already multiplied with their inputs' scales.
  ///   - limit: the largest magnitude that the integers may have.
  /// - Returns: integers `q` and a step with `weights ≈ q · step`.
  func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float)
}

/// The largest weight becomes `limit`; every weight is rounded to the nearest integer.
public struct NearestRounding: WeightRounding {
  public init() {}

  public var name: String { "nearest" }

  public func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    let largest = weights.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return ([Int16](repeating: 0, count: weights.count), 0) }
    let step = largest / limit
    return (weights.map { Int16(min(max(($0 / step).rounded(.toNearestOrEven), -limit), limit)) }, step)
  }
}
