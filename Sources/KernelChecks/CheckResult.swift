/// The result of a check: the number of outputs that were compared, and a sentence for each that was wrong.
package struct CheckResult: Sendable {
  package var comparisons = 0
  package var failures: [String] = []

  /// Compares bit for bit.
  mutating func compare<Value: Equatable>(_ result: [Value], _ expected: [Value], _ what: @autoclosure () -> String) {
    comparisons += 1
    guard result != expected else { return }
    var wrong = 0
    var first = -1
    for index in 0..<expected.count where result[index] != expected[index] {
      if first < 0 { first = index }
      wrong += 1
    }
    failures.append("\(what()): \(wrong) of \(expected.count) values are wrong, the first is number \(first)")
  }

  /// Compares within an absolute tolerance for each value.
  mutating func compare(
    _ result: [Float], _ expected: [Double], tolerances: [Double], _ what: @autoclosure () -> String
  ) {
    comparisons += 1
    for index in 0..<expected.count where !(abs(Double(result[index]) - expected[index]) <= tolerances[index]) {
      failures.append("\(what()): value number \(index) of \(expected.count) is beyond its tolerance")
      return
    }
  }

  static func + (first: CheckResult, second: CheckResult) -> CheckResult {
    CheckResult(comparisons: first.comparisons + second.comparisons, failures: first.failures + second.failures)
  }
}
