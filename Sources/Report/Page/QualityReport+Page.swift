import FaceqSupport
import QuantRuntime

extension QualityReport {
  /// A whole HTML document: styles and pictures inside, nothing from elsewhere, no script.
  package var page: String {
    let title = "\(model.description.architecture) in int8: \(modelName)"
    let sections = [
      headline, warnings, driftSection, pairsSection, lossSection, layerSection, trendSection, worstSection,
      timingSection,
      provenanceSection,
    ]
    let document: HTML = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title)</title><style>
      \(styleSheet)
      </style></head><body><main>
      \(sections.compactMap { $0 })
      </main></body></html>

      """
    return document.text
  }

  // MARK: - What it comes to

  private var headline: HTML {
    let drift = drift
    func card(_ name: String, _ value: String) -> HTML { "<div><b>\(value)</b><span>\(name)</span></div>" }
    return """
      <header><p class="kicker">\(model.description.architecture) in int8, against float · \(currentTime()) UTC</p><h1>\(modelName)</h1>
      <p class="lead">\(verdict) \(meaning)</p></header>
      <div class="cards">\(card("mean cosine", cosineText(drift.mean)))\(card("5th percentile", cosineText(drift.p5)))\
      \(card("1st percentile", cosineText(drift.p1)))\(card("minimum", cosineText(drift.minimum)))\
      \(card(skipped > 0 ? "faces, \(skipped) skipped" : "faces", "\(drift.images)"))</div>

      """
  }

  private var verdict: HTML {
    guard let gate else { return "" }
    let isGood = drift.p1 >= gate
    let text =
      "\(isGood ? "Passes" : "Fails") the gate: the 1st percentile is \(cosineText(drift.p1)) and must be at least "
      + "\(formatSignificant(Double(gate), digits: 6))."
    return "<span class=\"verdict \(isGood ? "good" : "bad")\">\(text)</span>"
  }

  /// One sentence in terms of angles.
  private var meaning: String {
    "On average an int8 embedding points \(decimal(degrees(cosine: drift.mean), 1))° away from the float one, and "
      + (faces.count > 1 ? "of \(counted(faces.count, "face")) the worst is " : "it is ")
      + "\(decimal(degrees(cosine: drift.minimum), 1))° off; two unrelated faces are about 90° apart."
  }

  private var warnings: HTML? {
    guard !findings.isEmpty || model.description.isStandIn else { return nil }
    var list = findings.map { finding -> HTML in
      "<div class=\"warning\" role=\"note\"><b>\(finding.kind.rawValue.capitalisedFirst)</b>\(finding.text)</div>\n"
    }
    if model.description.isStandIn {
      list.insert(
        "<div class=\"warning\" role=\"note\"><b>Stand-in weights</b>This network was never trained and identifies nobody.</div>\n",
        at: 0)
    }
    return "<section>\(list)</section>\n"
  }

  // MARK: - Faces

  private var driftSection: HTML {
    """
    <section><h2>Faces</h2><p>Every face went through the float and the int8 network; 1 is no difference. Measured on \(facesName).</p>
    <div class="charts"><figure><h3>Cosines of int8 to float</h3>\(driftHistogram(faces.map(\.cosine), gate: gate))</figure>\
    \(pairFigure ?? "")</div></section>

    """
  }

  private var identities: Identities? { Identities(paths: faces.map(\.path)) }

  private var pairs: PairCosines? {
    guard let identities else { return nil }
    let pairs = PairCosines(reference: faces.map(\.reference), model: faces.map(\.embedding), identities)
    return pairs.genuine.model.count >= 20 && pairs.impostor.model.count >= 20 ? pairs : nil
  }

  private var pairFigure: HTML? {
    guard let pairs else { return nil }
    return """
      <figure><h3>One person and different persons</h3>\(pairDistributions(pairs))<ul class="key"><li class="blue">one person</li>\
      <li class="orange">different persons</li><li>areas int8, lines float</li></ul></figure>
      """
  }

  private var pairsSection: HTML? {
    guard let pairs, let identities else {
      return
        "<p class=\"soft\">Who is who could not be read from folders or file names for enough pairs, so there are no cosines of one person and of different persons.</p>\n"
    }
    func row(_ name: String, _ value: (PairCosines.Kind) -> [Float]) -> HTML {
      let (genuine, impostor) = (value(pairs.genuine), value(pairs.impostor))
      return """
        <tr><td>\(name)</td><td>\(decimal(mean(genuine), 4))</td><td>\(decimal(mean(impostor), 4))</td>\
        <td>\(decimal(smallestError(genuine, impostor) * 100, 2)) %</td></tr>
        """
    }
    return """
      <section><p class="soft">\(counted(identities.people, "person").replacingPersons), from \(identities.source): \
      \(groupedDigits(pairs.genuine.model.count)) pairs of one person and \(groupedDigits(pairs.impostor.model.count)) of different persons. \
      The error is the mean of both kinds of wrong decisions at the best threshold.</p>
      <table class="small"><thead><tr><th></th><th>one person, mean</th><th>different, mean</th><th>error</th></tr></thead><tbody>\
      \(row("float", { $0.reference }))\(row("int8", { $0.model }))</tbody></table></section>

      """
  }

  private var worstSection: HTML? {
    guard !worst.isEmpty else { return nil }
    let figures = worst.map { picture -> HTML in
      let name = escapedText(
        Array(picture.path.bytes.split(separator: UInt8(ascii: "/")).suffix(2).joined(separator: [UInt8(ascii: "/")])))
      return
        "<figure title=\"\(picture.path)\"><img alt=\"\(picture.path)\" src=\"data:image/jpeg;base64,\(base64(picture.jpeg))\"><figcaption><b>\(cosineText(picture.cosine))</b>\(name)</figcaption></figure>"
    }
    return """
      <section><h2>The \(worst.count) worst faces</h2><p>As the network saw them, aligned. Blurred, hidden or wrongly aligned faces here are no fault \
      of the model; a kind of face that is common where it will be used belongs into the calibration.</p>
      <div class="faces">\(figures)</div></section>

      """
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
  /// `2 persons` → `2 people`.
  fileprivate var replacingPersons: String {
    utf8.suffix(7).elementsEqual("persons".utf8) ? dropLast(7) + "people" : self
  }
}

private func mean(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) } / Double(max(values.count, 1)) }

/// The smallest mean of the shares of genuine pairs refused and of impostor pairs accepted, over all thresholds.
func smallestError(_ genuine: [Float], _ impostor: [Float]) -> Double {
  let sorted = (genuine.map { ($0, true) } + impostor.map { ($0, false) }).sorted { $0.0 < $1.0 }
  var (refused, accepted) = (0, impostor.count)
  func error() -> Double {
    (Double(refused) / Double(genuine.count) + Double(accepted) / Double(impostor.count)) / 2
  }
  var best = error()
  for (index, pair) in sorted.enumerated() {
    if pair.1 { refused += 1 } else { accepted -= 1 }
    if index + 1 == sorted.count || sorted[index + 1].0 > pair.0 { best = min(best, error()) }
  }
  return best
}

/// The angle of a cosine in degrees, 0…180: 2 · asin(√((1 − c) / 2)) by its series, without libm.
func degrees(cosine: Float) -> Double {
  let c = min(max(Double(cosine), -1), 1)
  guard c >= 0 else { return 180 - degrees(cosine: Float(-c)) }
  let sine = ((1 - c) / 2).squareRoot()
  var (term, sum) = (sine, 0.0)
  for n in stride(from: 1.0, through: 79, by: 2) {
    sum += term / n
    term *= sine * sine * n / (n + 1)
  }
  return 2 * sum * 180 / .pi
}
