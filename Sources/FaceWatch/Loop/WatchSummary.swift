internal import FaceqSupport

/// What a watch did in a minute, or in all.
package struct WatchSummary: Sendable, Equatable {
  /// Seconds that it took.
  package var seconds = 0.0
  /// Frames that the source gave, that nobody looked at because newer ones came, and that could not be used.
  package var frames = FrameCounts()
  /// Frames that were looked at, and of these the ones that were searched as a whole.
  package var lookedAt = 0
  package var searched = 0
  package var embeddings = 0
  /// Visits that were told, and how many of them were strangers'.
  package var visits = 0
  package var strangers = 0
  /// Milliseconds from when a frame had arrived to its event; nil without an event.
  package var medianLatency: Double?
  package var p95Latency: Double?

  package init() {}

  /// `60 s: 1500 frames seen, 600 looked at (200 searched), 900 dropped, 0 broken; 3 visits (1 stranger), …`, without
  /// an end, so that more can follow.
  package var text: String {
    var text = "\(formatDecimal(seconds, fractionDigits: 0)) s: \(frames.seen) frames seen, \(lookedAt) looked at"
    text += " (\(searched) searched whole), \(frames.dropped) dropped, \(frames.broken) broken; \(embeddings) views"
    text += " embedded, \(visits) visits (\(strangers) of strangers)"
    guard let medianLatency, let p95Latency else { return text }
    text += ", from frame to event \(formatDecimal(medianLatency, fractionDigits: 1)) ms in the median and "
    return text + "\(formatDecimal(p95Latency, fractionDigits: 1)) ms at the 95th percentile"
  }
}

/// Gathers a summary.
struct SummaryRecorder {
  var summary = WatchSummary()
  private var latencies: [Double] = []
  private var before = FrameCounts()
  private(set) var begin: Double

  init(at time: Double) { begin = time }

  mutating func add(_ event: WatchEvent) {
    summary.visits += 1
    if event.name == nil { summary.strangers += 1 }
    // More than can be of use: memory is fixed.
    if latencies.count < 10_000 { latencies.append(event.latencyMilliseconds) }
  }

  /// The summary since the last one; the next begins now.
  ///
  /// - Parameter counts: of all frames since the beginning.
  mutating func take(_ counts: FrameCounts, at time: Double) -> WatchSummary {
    var taken = summary
    taken.seconds = time - begin
    taken.frames.seen = counts.seen - before.seen
    taken.frames.dropped = counts.dropped - before.dropped
    taken.frames.broken = counts.broken - before.broken
    latencies.sort()
    taken.medianLatency = percentile(0.5)
    taken.p95Latency = percentile(0.95)
    summary = WatchSummary()
    latencies = []
    before = counts
    begin = time
    return taken
  }

  /// The least latency that so many of all do not exceed.
  private func percentile(_ part: Double) -> Double? {
    guard !latencies.isEmpty else { return nil }
    let rank = Int((part * Double(latencies.count)).rounded(.up))
    return latencies[min(max(rank - 1, 0), latencies.count - 1)]
  }
}
