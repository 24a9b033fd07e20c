/// Finds the step of each row of weights that costs least, among fractions of the one that its largest weight needs.
struct StepSearch {
  private static let fractions: [Float] = [1, 0.9, 0.8, 0.7, 0.6]
  /// The steps to try, [fraction][row].
  let candidates: [[Float]]
  private var costs: [[Double]]

  /// - Parameters:
  ///   - largest: magnitude in each row.
  ///   - smallestSteps: that each row may have.
  init(largest: [Float], smallestSteps: [Float]) {
    candidates = Self.fractions.map { fraction in
      zip(largest, smallestSteps).map { max($0 * fraction / 127, $1) }
    }
    costs = candidates.map { [Double](repeating: 0, count: $0.count) }
  }

  mutating func add(_ rowCosts: [Double], candidate: Int) {
    for (row, cost) in rowCosts.enumerated() { costs[candidate][row] += cost }
  }

  /// The best step of each row.
  var best: [Float] {
    candidates[0].indices.map { row in
      candidates[costs.indices.min { costs[$0][row] < costs[$1][row] } ?? 0][row]
    }
  }
}
