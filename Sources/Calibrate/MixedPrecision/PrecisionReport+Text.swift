import FaceqSupport
import QuantRuntime

extension PrecisionReport {
  /// What was chosen and what it costs: a line for each unit, those that lose most first.
  package var text: String {
    let nothing = "int8 everywhere meets the budget: nothing needs int16"
    let price =
      "int16 in \(chosenNames.joined(separator: ", ")): \(percent(int16Share)) of the work; "
      + "the time of int8 × \(formatDecimal(estimatedTime, fractionDigits: 2)) estimated, "
      + "× \(formatDecimal(measuredTime, fractionDigits: 2)) measured"
    let head = """
      unit        precision  work    1 - cosine from its int8

      """
    let rows = units.sorted { $0.loss > $1.loss }.map { unit in
      column(unit.name, 12) + column(unit.isInt16 ? "int16" : "int8", 11) + column(percent(unit.workShare), 8)
        + formatSignificant(unit.loss, digits: 2)
    }
    return head + rows.joined(separator: "\n") + """

      cosine of the held-back images: \(cosines(plain)) at int8
                                      \(cosines(chosen)) as chosen
      \(chosenNames.isEmpty ? nothing : price)
      """
  }

  private var chosenNames: [String] { units.filter(\.isInt16).map(\.name) }

  private func cosines(_ drift: DriftSummary) -> String {
    "mean \(formatDecimal(Double(drift.mean), fractionDigits: 6)), minimum "
      + formatDecimal(Double(drift.minimum), fractionDigits: 6)
  }

  private func percent(_ share: Double) -> String { formatDecimal(share * 100, fractionDigits: 1) + " %" }

  private func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
