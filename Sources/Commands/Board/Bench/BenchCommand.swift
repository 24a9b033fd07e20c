import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `bench`: how long one embedding takes on this machine, and where the time goes.
package struct BenchCommand: Sendable {
  package var model: FilePath
  /// A float model to measure in turn with `model`, or nil.
  package var reference: FilePath?
  /// Whether the time of every layer is reported, too.
  package var layers: Bool
  /// How many embeddings are measured; nil takes enough for about three seconds, and at least 10.
  package var runs: Int?
  /// For how many minutes the model is measured alone instead, with a report for each; or nil.
  package var minutes: Int?
  package var json: Bool
  package var options: RunOptions

  package init(
    model: FilePath, reference: FilePath? = nil, layers: Bool = false, runs: Int?, minutes: Int? = nil, json: Bool,
    options: RunOptions
  ) {
    self.model = model
    self.reference = reference
    self.layers = layers
    self.runs = runs
    self.minutes = minutes
    self.json = json
    self.options = options
  }

  package func run(_ console: Console) throws(FaceqError) {
    try options.check()
    if let runs, !(1...1_000_000).contains(runs) {
      throw FaceqError("cannot measure \(counted(runs, "run")); choose 1 to 1000000 with --runs")
    }
    if let minutes {
      guard runs == nil, reference == nil, !layers else {
        throw FaceqError("--minutes measures one model and nothing else; leave out --runs, --compare and --layers")
      }
      return try SustainedBench(minutes: minutes, json: json, options: options).run(model, console)
    }
    let session = try options.session(try openModel(model, console))
    var sessions = [session]
    if let reference {
      let model = try openModel(reference, console)
      guard model.precision == "float32" else {
        throw FaceqError("--compare wants a float model to compare with, but \(reference) is \(model.precision)")
      }
      sessions.append(try options.session(model))
    }
    let roundTripBefore = try threadRoundTrip(session.threads)
    let latencies = try measureLatencies(sessions, runs: runs, console)
    let roundTripAfter = try threadRoundTrip(session.threads)
    var report = BenchReport(
      session: session, latency: latencies[0],
      reference: latencies.count > 1 ? (session: sessions[1], latency: latencies[1]) : nil)
    report.roundTrips = [roundTripBefore, roundTripAfter].compactMap { $0 }
    if layers { report.layers = try LayerTimes(session, kernels: options.kernels(), runs: runs, console) }
    try console.print(json ? report.json() : report.text())
  }
}
