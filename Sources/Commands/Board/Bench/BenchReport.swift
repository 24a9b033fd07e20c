import FaceqSupport
import QuantRuntime
import SIMDKernels

/// What `bench` prints.
struct BenchReport {
  var session: EmbeddingSession
  var latency: Latency
  var reference: (session: EmbeddingSession, latency: Latency)?
  var layers: LayerTimes?
  /// The seconds of `threadRoundTrip` before and after the measurement; empty with a single thread.
  var roundTrips: [Double] = []

  private var threads: ThreadPlanReport { ThreadPlanReport(plan: session.threads, topology: CoreTopology()) }

  private var peakMebibytes: Double? { peakMemoryBytes().map { Double($0) / 1_048_576 } }

  // MARK: - Markdown

  func text() -> String {
    var rows = [cells(session, latency)]
    if let reference { rows.append(cells(reference.session, reference.latency)) }
    var text = threads.text + roundTripText + "\n\n" + markdownTable(rows[0].map { $0.0 }, rows.map { $0.map { $0.1 } })
    if let comparison { text += "\n\n" + comparison }
    guard let layers else { return text }
    let total = layers.seconds
    let heading = ["kind", "ms", "share", "GMAC/s", "of peak"]
    text += "\n\nLayers, each in the fastest of \(counted(layers.runs, "run")):\n\n"
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

  private func cells(_ session: EmbeddingSession, _ latency: Latency) -> [(String, String)] {
    [
      ("model", session.model.description.architecture),
      ("precision", session.model.precision),
      ("ISA", session.instructionSet.rawValue),
      ("threads", "\(session.threads.count)"),
      ("median ms", formatDecimal(latency.median, fractionDigits: 2)),
      ("min ms", formatDecimal(latency.minimum, fractionDigits: 2)),
      ("p90 ms", formatDecimal(latency.p90, fractionDigits: 2)),
      ("GMAC/s", formatDecimal(latency.gigaMACsPerSecond, fractionDigits: 1)),
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
      let precision = session.model.precision
      let text = formatDecimal(ratio, fractionDigits: 2)
      return ratio < 1
        ? "\(precision) takes \(text) of float's time (\(formatDecimal(1 / ratio, fractionDigits: 2)) times as fast)."
        : "\(precision) LOST: it takes \(text) of float's time on this machine."
    }
  }

  /// The model's median time over the reference's.
  private var ratio: Double? { reference.map { latency.median / max($0.latency.median, 1e-9) } }

  // MARK: - JSON

  func json() -> String {
    JSONWriter.text { json in
      write(latency, to: &json)
      json.member("peak_rss_mib", peakMebibytes, digits: 6)
      json.member("isa", session.instructionSet.rawValue)
      threads.write(to: &json)
      json.member("thread_round_trip_ns", roundTrips.map { JSONNumber($0 * 1e9, digits: 3) })
      json.member("precision", session.model.precision)
      json.member("revision", sourceRevision())
      if let reference, let ratio {
        json.object("compared") { json in
          write(reference.latency, to: &json)
          json.member("ratio", ratio, digits: 6)
        }
      }
      if let layers {
        write("kinds", layers.kinds, layers.seconds, to: &json)
        write("layers", layers.layers, layers.seconds, to: &json)
      }
    }
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
