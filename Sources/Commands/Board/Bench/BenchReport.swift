import FaceqSupport
import QuantRuntime
import SIMDKernels

/// What `bench` prints.
struct BenchReport {
  struct Row {
    var subject: BenchSubject
    var latency: Latency
    var layers: LayerTimes?
  }

  /// A model, or a detector's searches of pictures of several sizes; at least one.
  var rows: [Row]
  /// Whether the second row is the float model that the first is compared with.
  var comparesWithFloat: Bool
  /// The seconds of `threadRoundTrip` before and after the measurement; empty with a single thread.
  var roundTrips: [Double] = []

  private var subject: BenchSubject { rows[0].subject }

  private var threads: ThreadPlanReport { ThreadPlanReport(plan: subject.threads, topology: CoreTopology()) }

  private var peakMebibytes: Double? { peakMemoryBytes().map { Double($0) / 1_048_576 } }

  // MARK: - Markdown

  func text() -> String {
    let table = rows.map { cells($0.subject, $0.latency) }
    var text = threads.text + roundTripText + "\n\n"
    text += markdownTable(table[0].map { $0.0 }, table.map { $0.map { $0.1 } })
    if let comparison { text += "\n\n" + comparison }
    for row in rows {
      if let layers = row.layers { text += "\n\n" + layersText(layers, of: row.subject) }
    }
    return text
  }

  private func layersText(_ layers: LayerTimes, of subject: BenchSubject) -> String {
    let total = layers.seconds
    let heading = ["kind", "ms", "share", "GMAC/s", "of peak"]
    let picture = subject.picture.map { " for \($0.width)×\($0.height)" } ?? ""
    var text = "Layers\(picture), each in the fastest of \(counted(layers.runs, "run")):\n\n"
    text += markdownTable(heading, layers.kinds.map { [$0.name] + figures($0, total) })
    text += "\n\n"
    text += markdownTable(
      ["layer", "shape", "kernel"] + heading.dropFirst(),
      layers.layers.map { [$0.name, $0.shape, $0.kernel] + figures($0, total) })
    return text
  }

  private var roundTripText: String {
    guard let shortest = roundTrips.min(), let longest = roundTrips.max() else { return "" }
    let nanoseconds = [shortest, longest].map { formatDecimal($0 * 1e9, fractionDigits: 0) }
    return ", \(nanoseconds[0]) to \(nanoseconds[1]) ns from one to another and back"
  }

  private func cells(_ subject: BenchSubject, _ latency: Latency) -> [(String, String)] {
    let picture = subject.picture.map { [("picture", "\($0.width)×\($0.height)")] } ?? []
    return [("model", subject.name)] + picture + [
      ("precision", subject.precision),
      ("ISA", subject.instructionSet.rawValue),
      ("threads", "\(subject.threads.count)"),
      ("median ms", formatDecimal(latency.median, fractionDigits: 2)),
      ("min ms", formatDecimal(latency.minimum, fractionDigits: 2)),
      ("p90 ms", formatDecimal(latency.p90, fractionDigits: 2)),
      ("GMAC/s", latency.gigaMACsPerSecond.map { formatDecimal($0, fractionDigits: 1) } ?? "unknown"),
      ("peak MiB", peakMebibytes.map { formatDecimal($0, fractionDigits: 1) } ?? "unknown"),
      ("revision", sourceRevision()),
    ]
  }

  private func figures(_ row: LayerTimes.Row, _ total: Double) -> [String] {
    [
      formatDecimal(row.seconds * 1000, fractionDigits: 3), percentage(row.seconds / total),
      row.rate.map { formatDecimal($0 / 1e9, fractionDigits: 1) } ?? "",
      row.shareOfPeak.map { percentage($0) } ?? "",
    ]
  }

  /// A sentence on which of the two is faster.
  private var comparison: String? {
    ratio.map { ratio in
      let precision = subject.precision
      let text = formatDecimal(ratio, fractionDigits: 2)
      return ratio < 1
        ? "\(precision) takes \(text) of float's time (\(formatDecimal(1 / ratio, fractionDigits: 2)) times as fast)."
        : "\(precision) LOST: it takes \(text) of float's time on this machine."
    }
  }

  /// The model's median time over that of the float one.
  private var ratio: Double? {
    comparesWithFloat ? rows[0].latency.median / max(rows[1].latency.median, 1e-9) : nil
  }

  // MARK: - JSON

  func json() -> String {
    JSONWriter.text { json in
      if subject.picture == nil { write(rows[0].latency, to: &json) }
      json.member("peak_rss_mib", peakMebibytes, digits: 6)
      json.member("isa", subject.instructionSet.rawValue)
      threads.write(to: &json)
      json.member("thread_round_trip_ns", roundTrips.map { JSONNumber($0 * 1e9, digits: 3) })
      json.member("precision", subject.precision)
      json.member("revision", sourceRevision())
      if let ratio {
        json.object("compared") { json in
          write(rows[1].latency, to: &json)
          json.member("ratio", ratio, digits: 6)
        }
      }
      guard subject.picture != nil else { return write(rows[0].layers, to: &json) }
      json.objects("searches", rows) { json, row in
        json.member("width", row.subject.picture?.width)
        json.member("height", row.subject.picture?.height)
        write(row.latency, to: &json)
        write(row.layers, to: &json)
      }
    }
  }

  private func write(_ layers: LayerTimes?, to json: inout JSONWriter) {
    guard let layers else { return }
    write("kinds", layers.kinds, layers.seconds, to: &json)
    write("layers", layers.layers, layers.seconds, to: &json)
  }

  private func write(_ latency: Latency, to json: inout JSONWriter) {
    json.member("median_ms", latency.median, digits: 6)
    json.member("min_ms", latency.minimum, digits: 6)
    json.member("p90_ms", latency.p90, digits: 6)
    json.member("gmacs_per_s", latency.gigaMACsPerSecond, digits: 6)
  }

  private func write(_ name: String, _ rows: [LayerTimes.Row], _ total: Double, to json: inout JSONWriter) {
    json.objects(name, rows) { json, row in
      json.member("name", row.name)
      if !row.shape.isEmpty { json.member("shape", row.shape) }
      json.member("ms", row.seconds * 1000, digits: 4)
      json.member("share", row.seconds / total, digits: 4)
      if let rate = row.rate { json.member("gmacs_per_s", rate / 1e9, digits: 4) }
      if let share = row.shareOfPeak { json.member("share_of_peak", share, digits: 4) }
    }
  }
}

private func percentage(_ share: Double) -> String { formatDecimal(share * 100, fractionDigits: 1) + " %" }

private func markdownTable(_ heading: [String], _ rows: [[String]]) -> String {
  ([heading, heading.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    .joined(separator: "\n")
}
