import FaceqSupport
import QuantRuntime

/// What one model, or two side by side, made of a list of pairs.
struct VerificationReport {
  struct Measured {
    var title: String
    var path: FilePath
    /// The cosine of each pair.
    var cosines: [Float]
    var figures: VerificationFigures
  }

  var pairs: [FacePair]
  var skipped: Int
  var falseAcceptRate: Double?
  /// What the model made of the pairs, and where there is one, the model to compare it with.
  var measured: [Measured]

  private var falseAcceptRates: [Double] { [1e-2, 1e-3] + (falseAcceptRate.map { [$0] } ?? []) }

  /// The indices of the pairs that the two models decide differently, both at the thresholds of the second.
  private var flips: [Int] {
    guard measured.count == 2 else { return [] }
    let decisions = measured.map { measured[1].figures.accepts($0.cosines) }
    return pairs.indices.filter { decisions[0][$0] != decisions[1][$0] }
  }

  func text() -> String {
    let same = pairs.count { $0.isSame }
    var lines = measured.enumerated().map { "\($0 == 0 ? "" : "against ")\($1.title)" }
    lines.append(
      "\(pairs.count) pairs: \(same) of one person, \(pairs.count - same) of different persons"
        + (skipped > 0 ? "; skipped \(skipped)" : ""))
    lines.append("")
    func row(_ name: String, _ text: (Measured) -> String) {
      lines.append(padded(name, 24) + measured.map { padded(text($0), 40) }.joined())
    }
    if measured.count == 2 { row("") { $0.path.description } }
    row("accuracy, 10-fold") { share($0.figures.accuracy) }
    row("AUC") { formatDecimal($0.figures.areaUnderCurve, fractionDigits: 5) }
    row("EER") { percent($0.figures.equalErrorRate) }
    for rate in falseAcceptRates {
      let name = formatSignificant(rate, digits: 3)
      row("TAR at FAR \(name)") { share($0.figures.point(falseAcceptRate: rate).trueAccepts) }
      row("  threshold") { cosineText($0.figures.point(falseAcceptRate: rate).threshold) }
      row("  FAR here") { share($0.figures.point(falseAcceptRate: rate).falseAccepts) }
    }
    if let rate = falseAcceptRates.min(), rate * Double(pairs.count - same) < 1 {
      lines.append(
        "\(pairs.count - same) pairs of different persons cannot show a FAR of \(formatSignificant(rate, digits: 3)): its "
          + "threshold accepts none of them")
    }
    if measured.count == 2 {
      lines.append("")
      lines.append("\(flips.count) of \(pairs.count) decisions flip, at the thresholds of \(measured[1].path)")
      for index in flips {
        lines.append(
          "  " + measured.map { cosineText($0.cosines[index]) }.joined(separator: "  ")
            + (pairs[index].isSame ? "  same       " : "  different  ") + "\(pairs[index].left)  \(pairs[index].right)")
      }
    }
    return lines.map(trimmed).joined(separator: "\n")
  }

  func json() -> String {
    let flipped = Set(flips)
    return JSONWriter.text { json in
      json.member("pairs", pairs.count)
      json.member("same", pairs.count { $0.isSame })
      json.member("skipped", skipped)
      json.objects("models", measured) { write($1, &$0) }
      if measured.count == 2 { json.member("flipped", flipped.count) }
      json.objects("cosines", pairs.enumerated()) { json, entry in
        let (index, pair) = entry
        json.member("left", pair.left)
        json.member("right", pair.right)
        json.member("same", pair.isSame)
        json.member("cosines", measured.map { $0.cosines[index] })
        if measured.count == 2 { json.member("flipped", flipped.contains(index)) }
      }
    }
  }

  private func write(_ model: Measured, _ json: inout JSONWriter) {
    let figures = model.figures
    json.member("model", model.path)
    json.member("accuracy", figures.accuracy)
    json.member("fold_thresholds", figures.foldThresholds)
    json.member("auc", figures.areaUnderCurve, digits: 9)
    json.member("eer", figures.equalErrorRate, digits: 9)
    json.objects("operating_points", falseAcceptRates) { json, rate in
      let point = figures.point(falseAcceptRate: rate)
      json.member("far", rate, digits: 9)
      json.member("threshold", point.threshold)
      json.member("true_accepts", point.trueAccepts)
      json.member("false_accepts", point.falseAccepts)
    }
  }

  private func percent(_ value: Double) -> String { formatDecimal(value * 100, fractionDigits: 2) + " %" }

  private func share(_ share: VerificationFigures.Share) -> String {
    "\(percent(share.value)) (\(formatDecimal(share.lower * 100, fractionDigits: 2)) to \(percent(share.upper)))"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.unicodeScalars.count))
  }

  private func trimmed(_ line: String) -> String {
    let end = line.utf8.lastIndex { $0 != UInt8(ascii: " ") }
    return end.map { String(line[...$0]) } ?? ""
  }
}

extension VerificationFigures.Share: JSONValue {
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("value", value, digits: 9)
      json.member("lower", lower, digits: 9)
      json.member("upper", upper, digits: 9)
    }
  }
}
