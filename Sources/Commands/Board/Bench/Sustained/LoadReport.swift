import QuantRuntime

/// The minutes of a run under load in words.
public struct LoadReport: Sendable {
  public var minutes: [LoadMinute] = []

  public init() {}

  public static let header =
    "| minute | median ms | p90 ms | embeddings | °C | MHz |\n| ---: | ---: | ---: | ---: | ---: | ---: |"

  public static func row(_ minute: LoadMinute) -> String {
    let cells = [
      "\(minute.number)", formatDecimal(minute.medianMilliseconds, fractionDigits: 2),
      formatDecimal(minute.p90Milliseconds, fractionDigits: 2), "\(minute.embeddings)",
      whole(minute.temperature), minute.megahertz.map(whole).joined(separator: ", "),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// How the last minute compares with the first: `the last minute was 12 % slower than the first: …`.
  public var comparison: String {
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
  public func write(to json: inout JSONWriter) {
    json.key("minutes")
    json.beginArray()
    for minute in minutes {
      json.beginObject()
      json.key("minute")
      json.value(minute.number)
      json.key("seconds")
      json.value(minute.seconds, significantDigits: 6)
      json.key("embeddings")
      json.value(minute.embeddings)
      json.key("median_ms")
      json.value(minute.medianMilliseconds, significantDigits: 6)
      json.key("p90_ms")
      json.value(minute.p90Milliseconds, significantDigits: 6)
      json.key("temperature_c")
      json.value(minute.temperature ?? .nan, significantDigits: 6)
      json.key("mhz")
      json.beginArray()
      for clock in minute.megahertz { json.value(clock ?? .nan, significantDigits: 6) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.key("last_to_first_median")
    if let (first, last) = ends {
      json.value(last.medianMilliseconds / first.medianMilliseconds, significantDigits: 6)
    } else {
      json.null()
    }
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
