import QuantRuntime

/// What one model, or two side by side, made of a list of pairs.
struct VerificationReport {
  struct Measured {
    var title: String
    var path: FilePath
    /// Of each pair.
    var cosines: [Float]
    var figures: VerificationFigures
  }

  var pairs: [FacePair]
  var skipped: Int
  var falseAcceptRate: Double?
  /// The model, and the one to compare it with.
  var measured: [Measured]

  private var falseAcceptRates: [Double] { [1e-2, 1e-3] + (falseAcceptRate.map { [$0] } ?? []) }

  /// Pairs that the two models decide differently, both at the thresholds of the second.
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
    var json = JSONWriter()
    json.beginObject()
    json.key("pairs")
    json.value(pairs.count)
    json.key("same")
    json.value(pairs.count { $0.isSame })
    json.key("skipped")
    json.value(skipped)
    json.key("models")
    json.beginArray()
    for model in measured { write(model, &json) }
    json.endArray()
    if measured.count == 2 {
      json.key("flipped")
      json.value(flips.count)
    }
    json.key("cosines")
    json.beginArray()
    let flipped = Set(flips)
    for (index, pair) in pairs.enumerated() {
      json.beginObject()
      json.key("left")
      json.value(pair.left)
      json.key("right")
      json.value(pair.right)
      json.key("same")
      json.value(pair.isSame)
      json.key("cosines")
      json.beginArray()
      for model in measured { json.value(model.cosines[index]) }
      json.endArray()
      if measured.count == 2 {
        json.key("flipped")
        json.value(flipped.contains(index))
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.text
  }

  private func write(_ model: Measured, _ json: inout JSONWriter) {
    func write(_ share: VerificationFigures.Share) {
      json.beginObject()
      for (key, value) in [("value", share.value), ("lower", share.lower), ("upper", share.upper)] {
        json.key(key)
        json.value(value, significantDigits: 9)
      }
      json.endObject()
    }
    json.beginObject()
    json.key("model")
    json.value(model.path)
    json.key("accuracy")
    write(model.figures.accuracy)
    json.key("fold_thresholds")
    json.beginArray()
    for threshold in model.figures.foldThresholds { json.value(threshold) }
    json.endArray()
    json.key("auc")
    json.value(model.figures.areaUnderCurve, significantDigits: 9)
    json.key("eer")
    json.value(model.figures.equalErrorRate, significantDigits: 9)
    json.key("operating_points")
    json.beginArray()
    for rate in falseAcceptRates {
      let point = model.figures.point(falseAcceptRate: rate)
      json.beginObject()
      json.key("far")
      json.value(rate, significantDigits: 9)
      json.key("threshold")
      json.value(point.threshold)
      json.key("true_accepts")
      write(point.trueAccepts)
      json.key("false_accepts")
      write(point.falseAccepts)
      json.endObject()
    }
    json.endArray()
    json.endObject()
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
