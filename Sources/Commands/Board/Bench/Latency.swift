import FaceqSupport
import QuantRuntime

/// How long a run took, in milliseconds.
struct Latency {
  var median: Double
  var minimum: Double
  var p90: Double
  /// 10⁹ multiply-accumulates per second, in the median run; nil where they are not known.
  var gigaMACsPerSecond: Double?

  /// - Parameter times: milliseconds, at least one.
  init(_ times: [Double], multiplyAccumulates: Int?) {
    let sorted = times.sorted()
    median = percentile(50, ofSorted: sorted)
    minimum = sorted[0]
    p90 = percentile(90, ofSorted: sorted)
    let median = median
    gigaMACsPerSecond = multiplyAccumulates.map { Double($0) / max(median, 1e-6) / 1e6 }
  }
}

/// Measures subjects in turn, so that whatever else the machine does falls on all of them.
///
/// - Parameter runs: how often each is measured; nil takes enough for about three seconds, and at least 10.
func measureLatencies(_ subjects: [BenchSubject], runs: Int?, _ console: Console) throws(FaceqError) -> [Latency] {
  var fastest = 0.0
  for subject in subjects { fastest += try subject.warmUp() }
  let count = runs ?? max(10, Int(min(3 / max(fastest, 1e-6), 100_000)))
  var progress = ProgressMeter(console, total: count, noun: "run")
  var times = [[Double]](repeating: [], count: subjects.count)
  for index in times.indices { times[index].reserveCapacity(count) }
  for _ in 0..<count {
    for (index, subject) in subjects.enumerated() { times[index].append(try subject.seconds() * 1000) }
    progress.advance()
  }
  return zip(times, subjects).map { Latency($0, multiplyAccumulates: $1.multiplyAccumulates) }
}
