import FaceqSupport
import QuantRuntime

/// The sections about the network and where it comes from.
extension QualityReport {
  var lossSection: HTML? {
    guard let comparison else { return nil }
    var split: HTML = ""
    if let weights = comparison.weights, let whole = comparison.whole {
      let sum = max(weights.loss + comparison.activations.loss, 1e-12)
      split = """
        <p>Of the loss at the embedding, \(percentText(weights.loss / sum)) comes from rounding weights and \
        \(percentText(comparison.activations.loss / sum)) from rounding and clipping activations.</p>
        <div class="split" role="img" aria-label="Weights \(percentText(weights.loss / sum)), activations \(percentText(comparison.activations.loss / sum))">\
        <i class="w" style="width:\(decimal(weights.loss / sum * 100, 1))%"></i><i class="a" style="width:\(decimal(comparison.activations.loss / sum * 100, 1))%"></i></div>
        <table class="small"><thead><tr><th>1 − cosine, thousandths</th><th>weights</th><th>activations</th><th>both, measured</th></tr></thead><tbody><tr>\
        <td>mean of \(counted(comparison.images, "face"))</td><td>\(thousandths(weights.loss))</td><td>\(thousandths(comparison.activations.loss))</td>\
        <td>\(thousandths(whole.loss))</td></tr></tbody></table>

        """
    }
    var charts: HTML = ""
    if !comparison.additions.isEmpty {
      charts += """
        <figure><h3>Signal to noise down the network</h3>\(noiseChart(comparison))<ul class="key">\
        \(comparison.whole == nil ? [] : [weightsKey])\
        <li class="blue">from activations, dashed</li></ul><figcaption>\(span("addition", comparison.additions))</figcaption></figure>
        """
    }
    if let parts = comparison.parts {
      charts += """
        <figure><h3>Weights, one part at a time</h3>\(partsChart(parts))<figcaption>Mean of \(counted(comparison.partImages, "face")). \
        \(span("part", parts.map(\.name)))</figcaption></figure>
        """
    }
    return """
      <section><h2>Where the loss comes from</h2>\(split)<div class="charts">\(charts)</div>
      <p class="soft">Method: the int8 model’s weights are put into the float engine. It differs from the float model by the rounding of weights alone, \
      and the int8 engine differs from it by the rounding and clipping of activations alone. Small errors are nearly independent, so both add up.</p></section>

      """
  }

  /// Says where a chart's numbers are in the network.
  private func span(_ noun: String, _ names: [String]) -> String {
    guard let first = names.first, let last = names.last, names.count > 1 else {
      return names.first.map { "The only \(noun) is \($0)." } ?? ""
    }
    return "The first \(noun), 0, is \(first), the last one, \(names.count - 1), is \(last)."
  }

  private var weightsKey: HTML {
    "<li class=\"ink\">int8 to float</li><li class=\"orange\">from weights, dotted</li>"
  }

  var layerSection: HTML? {
    guard let layers = comparison?.layers, !layers.isEmpty else { return nil }
    let rows = layers.map { layer -> HTML in
      let scales = layer.scales.map { "\(significant($0.lowerBound)) – \(significant($0.upperBound))" } ?? "–"
      let saturating = layer.saturatingChannels > 0 ? "\(layer.saturatingChannels)" : "–"
      let dead = layer.deadChannels > 0 ? "\(layer.deadChannels)" : "–"
      return """
        <tr><td>\(layer.name)</td><td class="wide">\(layer.channels)</td><td class="wide">\(scales)</td>\
        <td><span class="bar"><i style="width:\(decimal(layer.medianSpan / 256 * 100, 0))%"></i></span>\(decimal(layer.medianSpan, 0))</td>\
        <td>\(clippingText(layer.clippedShare))</td><td>\(saturating)</td><td>\(dead)</td></tr>

        """
    }
    return """
      <section><h2>Scales and clipping</h2><p>What \(counted(comparison?.images ?? 0, "face")) make of every int8 tensor, each the input of a layer. Of the 256 integers, the channel in the middle uses \
      so many; the rest is room for faces to come. Clipped values are those beyond −128 or 127; a channel is called clipped where more than 1 % are, \
      dead where its integer never changes.</p>
      <table><thead><tr><th>input of</th><th class="wide">channels</th><th class="wide">step, finest – coarsest</th><th>integers used</th><th>values clipped, ppm</th>\
      <th>channels clipped</th><th>dead</th></tr></thead><tbody>
      \(rows)</tbody></table></section>

      """
  }

  private func clippingText(_ share: Double) -> String {
    share == 0 ? "–" : share < 5e-7 ? "<1" : decimal(share * 1e6, 0)
  }

  var trendSection: HTML? {
    guard trend.count >= 2 else { return nil }
    let (before, last) = (trend[trend.count - 2], trend[trend.count - 1])
    let saved = 1 - last.meanLoss / max(before.meanLoss, 1e-12)
    let sentence =
      saved > 0.1
      ? "Doubling the set from \(before.images) to \(last.images) still lowered the mean loss by \(percentText(saved)): more images should help."
      : "From \(before.images) to \(last.images) images the mean loss \(saved >= 0 ? "fell" : "rose") by \(percentText(abs(saved))): the set is large enough for the mean; its largest loss shows what rare faces cost."
    return """
      <section><h2>Is the calibration set large enough?</h2><p>\(sentence)</p>
      <div class="charts"><figure><h3>Loss against the number of images</h3>\(trendChart(trend))<ul class="key"><li class="blue">mean</li>\
      <li class="orange">largest</li></ul><figcaption>Ranges of the extremes × 1.2 and weights rounded to the nearest, the fast method whatever the model \
      was made with; measured on the \(counted(last.drift.images, "held-back face")).</figcaption></figure></div></section>

      """
  }

  var timingSection: HTML? {
    guard let timing else { return nil }
    func card(_ name: String, _ value: String) -> HTML { "<div><b>\(value)</b><span>\(name)</span></div>" }
    var cards = [card("int8, milliseconds", decimal(timing.int8, 2))]
    if let float = timing.float {
      cards.insert(card("float, milliseconds", decimal(float, 2)), at: 0)
      cards.append(card("times as fast", decimal(float / max(timing.int8, 1e-9), 1)))
    }
    return """
      <section><h2>Time for one embedding</h2><p>On this machine, one thread, instruction set \(timing.instructionSet), the best of several runs.</p>
      <div class="cards">\(cards)</div></section>

      """
  }

  var provenanceSection: HTML {
    var facts: [(String, String)] = [
      ("int8 model", modelName), ("digest", model.digest), ("architecture", model.description.architecture),
      ("source", "\(model.description.source.name), SHA-256 \(model.description.source.sha256)"),
      ("reference", referenceName), ("reference digest", referenceDigest ?? ""), ("faces", facesName),
    ]
    if let calibration = model.description.calibration {
      facts += [
        ("recipe", calibration.recipe), ("calibrated by", calibration.tool),
        ("calibrated with", "\(counted(calibration.images, "image")), SHA-256 \(calibration.imagesDigest)"),
      ]
    }
    facts += [
      ("report by", tool), ("revision", sourceRevision()), ("date", "\(currentTime()) UTC"),
      (
        "machine",
        [processorName() ?? "", counted(processorCount(), "processor")].filter { !$0.isEmpty }.joined(separator: ", ")
      ),
    ]
    let list = facts.filter { !$0.1.isEmpty }.map { name, value -> HTML in "<dt>\(name)</dt><dd>\(value)</dd>" }
    return "<section><h2>Provenance</h2><dl>\(list)</dl></section>\n"
  }
}
