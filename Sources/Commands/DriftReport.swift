import QuantRuntime

/// What `drift` has measured, for a reader or as JSON.
struct DriftReport {
  let title: String
  var skipped = 0
  /// Signal-to-noise ratio behind every block in dB; empty where the reference is a file of embeddings.
  var blocks: [Double] = []
  /// The images that `blocks` is from.
  var blockImages = 0
  private var cosines: [Float] = []
  private var worst: (path: String, cosine: Float)?

  init(title: String) { self.title = title }

  mutating func add(_ path: String, cosine: Float) {
    cosines.append(cosine)
    if worst.map({ cosine < $0.cosine }) ?? true { worst = (path, cosine) }
  }

  /// Nil as long as there is no image.
  var summary: DriftSummary? { cosines.isEmpty ? nil : DriftSummary(cosines: cosines) }

  func text(_ summary: DriftSummary) -> String {
    var lines = [
      title, counted(summary.images, "image") + (skipped > 0 ? ", \(skipped) skipped" : ""),
      "cosine  mean            \(cosineText(summary.mean))",
      "        median          \(cosineText(summary.median))",
      "        5th percentile  \(cosineText(summary.p5))",
      "        1st percentile  \(cosineText(summary.p1))",
      "        minimum         \(cosineText(summary.minimum))  \(worst?.path ?? "")",
    ]
    if !blocks.isEmpty {
      lines.append("signal-to-noise behind each block, on the first \(counted(blockImages, "image"))")
    }
    for (block, decibels) in blocks.enumerated() {
      lines.append(
        "block \(block)  \(decibels == .infinity ? "equal" : formatDecimal(decibels, fractionDigits: 1) + " dB")")
    }
    return lines.joined(separator: "\n")
  }

  func json(_ summary: DriftSummary) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.key("images")
    json.value(summary.images)
    json.key("skipped")
    json.value(skipped)
    json.key("cosine")
    json.beginObject()
    json.members(of: summary)
    json.key("worst")
    json.value(worst?.path ?? "")
    json.endObject()
    json.key("block_images")
    json.value(blockImages)
    json.key("blocks")
    json.beginArray()
    for (block, decibels) in blocks.enumerated() {
      json.beginObject()
      json.key("block")
      json.value(block)
      json.key("signal_to_noise_db")
      json.value(decibels, fractionDigits: 2)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.text
  }
}

func cosineText(_ cosine: Float) -> String { formatDecimal(Double(cosine), fractionDigits: 6) }
