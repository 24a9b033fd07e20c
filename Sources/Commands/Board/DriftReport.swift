import FaceqSupport
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
      lines.append("signal-to-noise after each addition, on the first \(counted(measured.blockImages, "image"))")
    }
    for (name, decibels) in blocks {
      lines.append(
        "\(name)  \(decibels == .infinity ? "equal" : formatDecimal(decibels, fractionDigits: 1) + " dB")")
    }
    return lines.joined(separator: "\n")
  }

  func json() -> String {
    JSONWriter.text { json in
      json.member("images", summary.images)
      json.member("skipped", measured.skipped)
      json.object("cosine") { json in
        json.members(of: summary)
        json.member("worst", worst)
      }
      json.member("block_images", measured.blockImages)
      json.objects("blocks", measured.blocks) { json, block in
        json.member("block", block.name)
        json.member("signal_to_noise_db", block.decibels, fractionDigits: 2)
      }
      json.member("warnings", measured.warnings)
    }
  }
}

package func cosineText(_ cosine: Float) -> String { formatDecimal(Double(cosine), fractionDigits: 6) }
