import FaceqSupport

/// The minutes of a run under load in words.
package struct LoadReport: Sendable {
  package var minutes: [LoadMinute] = []

  package init() {}

  package static let header =
    "| minute | median ms | p90 ms | embeddings | °C | MHz |\n| ---: | ---: | ---: | ---: | ---: | ---: |"

  package static func row(_ minute: LoadMinute) -> String {
    let cells = [
      "\(minute.number)", formatDecimal(minute.medianMilliseconds, fractionDigits: 2),
      formatDecimal(minute.p90Milliseconds, fractionDigits: 2), "\(minute.embeddings)",
      whole(minute.temperature), minute.megahertz.map(whole).joined(separator: ", "),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// How the last minute compares with the first: `the last minute was 12 % slower than the first: …`.
  package var comparison: String {
    guard let (first, last) = ends else { return "There are no two minutes to compare." }
    let change = (last.medianMilliseconds / first.medianMilliseconds - 1) * 100
    let verdict =
      abs(change) < 3
      ? "as fast as the first" : "\(Self.whole(abs(change))) % \(change > 0 ? "slower" : "faster") than the first"
    let clocks = zip(first.megahertz, last.megahertz).map { "\(Self.whole($0)) → \(Self.whole($1))" }
    let throttled = zip(first.megahertz, last.megahertz).contains { before, after in
      if let before, let after { after < before * 0.97 } else { false }
    }
    return "The last minute was \(verdict): "
      + "\(formatDecimal(first.medianMilliseconds, fractionDigits: 2)) → "
      + "\(formatDecimal(last.medianMilliseconds, fractionDigits: 2)) ms, "
      + "\(Self.whole(first.temperature)) → \(Self.whole(last.temperature)) °C, "
      + "\(clocks.joined(separator: " and ")) MHz\(throttled ? "; the clock was lowered (throttling)." : ".")"
  }

  /// Writes the members `minutes` and `last_to_first_median`.
  package func write(to json: inout JSONWriter) {
    json.objects("minutes", minutes) { json, minute in
      json.member("minute", minute.number)
      json.member("seconds", minute.seconds, digits: 6)
      json.member("embeddings", minute.embeddings)
      json.member("median_ms", minute.medianMilliseconds, digits: 6)
      json.member("p90_ms", minute.p90Milliseconds, digits: 6)
      json.member("temperature_c", minute.temperature, digits: 6)
      json.member("mhz", minute.megahertz.map { $0.map { JSONNumber($0, digits: 6) } })
    }
    json.member(
      "last_to_first_median", ends.map { $0.last.medianMilliseconds / $0.first.medianMilliseconds }, digits: 6)
  }

  /// The first and the last minute, but for a last one that had hardly begun.
  private var ends: (first: LoadMinute, last: LoadMinute)? {
    let long = minutes.filter { $0.seconds >= 30 }
    guard let first = long.first, let last = long.last, long.count > 1 else { return nil }
    return (first, last)
  }

  private static func whole(_ value: Double?) -> String {
    value.map { formatDecimal($0, fractionDigits: 0) } ?? "–"
  }
}
