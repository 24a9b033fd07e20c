import QuantRuntime

/// What `drift` has measured, for a reader or as JSON.
struct DriftReport {
  private let measured: DriftMeasurement
  let summary: DriftSummary
  private let worst: FilePath

  /// - Parameter measured: with at least one face.
  init(_ measured: DriftMeasurement) {
    self.measured = measured
    let cosines = measured.cosines
    summary = DriftSummary(cosines: cosines)
    worst = measured.paths[cosines.indices.reduce(0) { cosines[$1] < cosines[$0] ? $1 : $0 }]
  }

  func text() -> String {
    let (blocks, skipped) = (measured.blocks, measured.skipped)
    var lines = [
      measured.title, counted(summary.images, "image") + (skipped > 0 ? ", \(skipped) skipped" : ""),
      "cosine  mean            \(cosineText(summary.mean))",
      "        median          \(cosineText(summary.median))",
      "        5th percentile  \(cosineText(summary.p5))",
      "        1st percentile  \(cosineText(summary.p1))",
      "        minimum         \(cosineText(summary.minimum))  \(worst)",
    ]
    if !blocks.isEmpty {
      lines.append("signal-to-noise behind each block, on the first \(counted(measured.blockImages, "image"))")
    }
    for (block, decibels) in blocks.enumerated() {
      lines.append(
        "block \(block)  \(decibels == .infinity ? "equal" : formatDecimal(decibels, fractionDigits: 1) + " dB")")
    }
    return lines.joined(separator: "\n")
  }

  func json() -> String {
    var json = JSONWriter()
    json.beginObject()
    json.key("images")
    json.value(summary.images)
    json.key("skipped")
    json.value(measured.skipped)
    json.key("cosine")
    json.beginObject()
    json.members(of: summary)
    json.key("worst")
    json.value(worst)
    json.endObject()
    json.key("block_images")
    json.value(measured.blockImages)
    json.key("blocks")
    json.beginArray()
    for (block, decibels) in measured.blocks.enumerated() {
      json.beginObject()
      json.key("block")
      json.value(block)
      json.key("signal_to_noise_db")
      json.value(decibels, fractionDigits: 2)
      json.endObject()
    }
    json.endArray()
    json.key("warnings")
    json.beginArray()
    for warning in measured.warnings { json.value(warning) }
    json.endArray()
    json.endObject()
    return json.text
  }
}

func cosineText(_ cosine: Float) -> String { formatDecimal(Double(cosine), fractionDigits: 6) }
