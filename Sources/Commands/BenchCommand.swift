import QuantRuntime
import SIMDKernels

/// `bench`: how long one embedding takes on this machine.
public struct BenchCommand: Sendable {
  public var model: String
  /// Measured embeddings; nil takes enough for about three seconds, and at least 10.
  public var runs: Int?
  /// Measures for so long instead, and reports minute by minute.
  public var minutes: Int?
  public var json: Bool
  public var options: RunOptions

  public init(model: String, runs: Int?, minutes: Int? = nil, json: Bool, options: RunOptions) {
    self.model = model
    self.runs = runs
    self.minutes = minutes
    self.json = json
    self.options = options
  }

  /// Milliseconds, but for the rate.
  private struct Latency {
    var median: Double
    var minimum: Double
    var p90: Double
    /// 10⁹ multiply-accumulates per second, in the median run.
    var gigaMACsPerSecond: Double
  }

  public func run(_ console: Console) throws(FaceqError) {
    try options.check()
    if let runs, !(1...1_000_000).contains(runs) {
      throw FaceqError("cannot measure \(counted(runs, "run")); choose 1 to 1000000 with --runs")
    }
    if let minutes {
      guard runs == nil else { throw FaceqError("choose one of --runs and --minutes") }
      let sustained = SustainedBench(minutes: minutes, json: json, options: options)
      try sustained.check()
      return try sustained.run(model, console)
    }
    let session = try options.session(try openModel(model, console))
    let latency = measure(session, console)
    try console.print(json ? report(session, latency) : table(session, latency))
  }

  private func measure(_ session: EmbeddingSession, _ console: Console) -> Latency {
    let input = session.model.input
    let pixels = selfTestPattern(height: input.height, width: input.width)
    var embedding = [Float](repeating: 0, count: session.model.embeddingSize)
    func seconds() -> Double {
      let start = monotonicSeconds()
      session.embed(pixels, into: &embedding)
      return monotonicSeconds() - start
    }
    // The first run touches all memory; the processor may need a while to reach its speed.
    var warmUp: [Double] = []
    repeat { warmUp.append(seconds()) } while warmUp.count < 3 || warmUp.reduce(0, +) < 0.3 && warmUp.count < 100
    let fastest = warmUp.min() ?? 1
    let count = runs ?? max(10, Int(min(3 / max(fastest, 1e-6), 100_000)))

    var progress = ProgressMeter(console, total: count, noun: "run")
    var times: [Double] = []
    times.reserveCapacity(count)
    for _ in 0..<count {
      times.append(seconds() * 1000)
      progress.advance()
    }
    times.sort()
    let median = percentile(50, ofSorted: times)
    return Latency(
      median: median, minimum: times[0], p90: percentile(90, ofSorted: times),
      gigaMACsPerSecond: Double(session.model.multiplyAccumulates) / max(median, 1e-6) / 1e6)
  }

  private func plan(_ session: EmbeddingSession) -> ThreadPlanReport {
    ThreadPlanReport(plan: session.threads, topology: CoreTopology())
  }

  private var peakMebibytes: Double? { peakMemoryBytes().map { Double($0) / 1_048_576 } }

  private func table(_ session: EmbeddingSession, _ latency: Latency) -> String {
    let cells = [
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
    func row(_ texts: [String]) -> String { "| " + texts.joined(separator: " | ") + " |" }
    let rows = [row(cells.map { $0.0 }), row(cells.map { _ in "---" }), row(cells.map { $0.1 })]
    return plan(session).text + "\n\n" + rows.joined(separator: "\n")
  }

  private func report(_ session: EmbeddingSession, _ latency: Latency) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.key("median_ms")
    json.value(latency.median, significantDigits: 6)
    json.key("min_ms")
    json.value(latency.minimum, significantDigits: 6)
    json.key("p90_ms")
    json.value(latency.p90, significantDigits: 6)
    json.key("gmacs_per_s")
    json.value(latency.gigaMACsPerSecond, significantDigits: 6)
    json.key("peak_rss_mib")
    if let peakMebibytes { json.value(peakMebibytes, significantDigits: 6) } else { json.null() }
    json.key("isa")
    json.value(session.instructionSet.rawValue)
    plan(session).write(to: &json)
    json.key("precision")
    json.value(session.model.precision)
    json.key("revision")
    json.value(sourceRevision())
    json.endObject()
    return json.text
  }
}
