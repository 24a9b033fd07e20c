import Commands
import FaceDetection
import FaceqSupport
import QuantRuntime

/// What `drift` of a detector has measured, for a reader or as JSON.
struct DetectionDriftReport {
  private let drift: DetectionDrift
  private let same: [DetectionDrift.Pair]
  private let moved: [DetectionDrift.Pair]

  init(_ drift: DetectionDrift) {
    self.drift = drift
    same = drift.pairs.filter(\.isOfOneCell)
    moved = drift.pairs.filter { !$0.isOfOneCell }
  }

  var text: String {
    let clear = formatDecimal(Double(drift.score + DetectionDrift.margin), fractionDigits: 2)
    var lines = [
      "\(drift.photos) photos, score \(formatDecimal(Double(drift.score), fractionDigits: 2))",
      "found by both     \(drift.pairs.count), of another cell \(moved.count)",
      "lost              \(drift.lost.count), and \(drift.faintLost.count) below \(clear)",
      "invented          \(drift.invented.count), and \(drift.faintInvented.count) below \(clear)",
      "                            median     95th pct.  largest",
    ]
    for (name, figures) in rows(same, "") + rows(moved, ", other cell") { lines.append(line(name, figures)) }
    let cosines = drift.pairs.compactMap { $0.cosine }
    if !cosines.isEmpty {
      let summary = DriftSummary(cosines: cosines)
      lines.append(
        "embedding cosine  mean \(decimal(Double(summary.mean), 4)), median \(decimal(Double(summary.median), 4)), "
          + "5th percentile \(decimal(Double(summary.p5), 4)), minimum \(decimal(Double(summary.minimum), 4)), of "
          + "\(cosines.count) faces")
    }
    return lines.joined(separator: "\n")
  }

  var json: String {
    JSONWriter.text { json in
      json.member("photos", drift.photos)
      json.member("score", drift.score)
      json.member("found_by_both", drift.pairs.count)
      json.member("of_another_cell", moved.count)
      json.member("lost", drift.lost.count)
      json.member("lost_faint", drift.faintLost.count)
      json.member("invented", drift.invented.count)
      json.member("invented_faint", drift.faintInvented.count)
      for (key, pairs) in [("same_cell", same), ("other_cell", moved)] {
        json.object(key) { json in
          for (name, figures) in Self.measures {
            guard let spread = Spread(pairs.compactMap(figures)) else { continue }
            json.object(name) { json in
              json.member("median", spread.median, digits: 5)
              json.member("p95", spread.p95, digits: 5)
              json.member("largest", spread.largest, digits: 5)
            }
          }
        }
      }
      let cosines = drift.pairs.compactMap { $0.cosine }
      if !cosines.isEmpty {
        json.object("cosine") { json in json.members(of: DriftSummary(cosines: cosines)) }
      }
    }
  }

  private static let measures: [(name: String, figure: @Sendable (DetectionDrift.Pair) -> Double?)] = [
    ("landmarks_pixels", { $0.landmarkError }), ("landmarks_eye_distances", { $0.relativeLandmarkError }),
    ("box_pixels", { $0.boxError }), ("box_face_sizes", { $0.relativeBoxError }), ("score", { $0.scoreError }),
  ]

  private func rows(_ pairs: [DetectionDrift.Pair], _ suffix: String) -> [(String, Spread)] {
    let names = ["landmarks, px", "landmarks, eyes", "box, px", "box, sizes", "score"]
    return zip(names, Self.measures).compactMap { name, measure in
      Spread(pairs.compactMap(measure.figure)).map { (name + suffix, $0) }
    }
  }

  private func line(_ name: String, _ spread: Spread) -> String {
    func column(_ value: Double) -> String {
      let text = decimal(value, 4)
      return text + String(repeating: " ", count: max(1, 11 - text.utf8.count))
    }
    let gap = String(repeating: " ", count: max(1, 28 - name.utf8.count))
    return name + gap + column(spread.median) + column(spread.p95) + decimal(spread.largest, 4)
  }

  private func decimal(_ value: Double, _ digits: Int) -> String { formatDecimal(value, fractionDigits: digits) }
}

/// How numbers are spread.
private struct Spread {
  var median: Double
  var p95: Double
  var largest: Double

  /// Nil of none.
  init?(_ values: [Double]) {
    guard let largest = values.max() else { return nil }
    let sorted = values.sorted()
    (median, p95, self.largest) = (percentile(50, ofSorted: sorted), percentile(95, ofSorted: sorted), largest)
  }
}
