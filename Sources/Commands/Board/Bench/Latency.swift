import FaceqSupport
import QuantRuntime

/// How long an embedding took, in milliseconds.
struct Latency {
  var median: Double
  var minimum: Double
  var p90: Double
  /// 10⁹ multiply-accumulates per second, in the median run.
  var gigaMACsPerSecond: Double

  /// - Parameter times: milliseconds, at least one.
  init(_ times: [Double], multiplyAccumulates: Int) {
    let sorted = times.sorted()
    median = percentile(50, ofSorted: sorted)
    minimum = sorted[0]
    p90 = percentile(90, ofSorted: sorted)
    gigaMACsPerSecond = Double(multiplyAccumulates) / max(median, 1e-6) / 1e6
  }
}

/// Measures sessions in turn, so that whatever else the machine does falls on all of them.
///
/// - Parameter runs: how often each is measured; nil takes enough for about three seconds, and at least 10.
func measureLatencies(_ sessions: [EmbeddingSession], runs: Int?, _ console: Console) throws(FaceqError) -> [Latency] {
  let timers = sessions.map { EmbeddingTimer($0) }
  var fastest = 0.0
  for timer in timers { fastest += try timer.warmUp() }
  let count = runs ?? max(10, Int(min(3 / max(fastest, 1e-6), 100_000)))
  var progress = ProgressMeter(console, total: count, noun: "run")
  var times = [[Double]](repeating: [], count: sessions.count)
  for index in times.indices { times[index].reserveCapacity(count) }
  for _ in 0..<count {
    for (index, timer) in timers.enumerated() { times[index].append(try timer.seconds() * 1000) }
    progress.advance()
  }
  return zip(times, sessions).map { Latency($0, multiplyAccumulates: $1.model.multiplyAccumulates) }
}

/// Embeds the same picture again and again.
final class EmbeddingTimer {
  private let session: EmbeddingSession
  private let pixels: [UInt8]
  private var embedding: [Float]

  init(_ session: EmbeddingSession) {
    self.session = session
    pixels = selfTestPattern(height: session.model.image.height, width: session.model.image.width)
    embedding = [Float](repeating: 0, count: session.model.embeddingSize)
  }

  /// Runs a few times: the first run touches all memory, and the processor may need a while to reach its speed.
  ///
  /// - Returns: the fastest run's seconds.
  func warmUp() throws(FaceqError) -> Double {
    var times: [Double] = []
    repeat { times.append(try seconds()) } while times.count < 3 || times.reduce(0, +) < 0.3 && times.count < 100
    return times.min() ?? 1
  }

  func seconds() throws(FaceqError) -> Double {
    let start = monotonicSeconds()
    try session.embed(pixels, into: &embedding)
    return monotonicSeconds() - start
  }

  /// Measures every layer once, in seconds.
  func seconds(into layers: inout [Double]) throws(FaceqError) {
    try session.embed(pixels, into: &embedding, layerSeconds: &layers)
  }
}
