import FaceDetection
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `bench`: how long one embedding, or a detector's search of a picture, takes on this machine, and where the time goes.
package struct BenchCommand: Sendable {
  package var model: FilePath
  /// A float model to measure in turn with `model`, or nil.
  package var reference: FilePath?
  /// Whether the time of every layer is reported, too.
  package var layers: Bool
  /// The sizes of pictures that a detector searches, as `640x360,1280x720`; nil takes 640 × 360.
  package var sizes: String?
  /// How many runs are measured; nil takes enough for about three seconds, and at least 10.
  package var runs: Int?
  /// For how many minutes the model is measured alone instead, with a report for each; or nil.
  package var minutes: Int?
  package var json: Bool
  package var options: RunOptions

  package init(
    model: FilePath, reference: FilePath? = nil, layers: Bool = false, sizes: String? = nil, runs: Int?,
    minutes: Int? = nil,
    json: Bool, options: RunOptions
  ) {
    self.model = model
    self.reference = reference
    self.layers = layers
    self.sizes = sizes
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
    if try DetectorFile.isDetector(model) {
      guard minutes == nil, reference == nil else {
        throw FaceqError("\(model) is a face detector, which is measured alone; leave out --minutes and --compare")
      }
      return try measure(try searches(), comparesWithFloat: false, console)
    }
    guard sizes == nil else {
      throw FaceqError("\(model) embeds faces of one size; leave out --size, which is for the pictures of detectors")
    }
    if let minutes {
      guard runs == nil, reference == nil, !layers else {
        throw FaceqError("--minutes measures one model and nothing else; leave out --runs, --compare and --layers")
      }
      return try SustainedBench(minutes: minutes, json: json, options: options).run(model, console)
    }
    var subjects = [BenchSubject(try options.session(try openModel(model, console)))]
    if let reference {
      let model = try openModel(reference, console)
      guard model.precision == "float32" else {
        throw FaceqError("--compare wants a float model to compare with, but \(reference) is \(model.precision)")
      }
      subjects.append(BenchSubject(try options.session(model)))
    }
    try measure(subjects, comparesWithFloat: reference != nil, console)
  }

  /// The detector's search of a picture of each size.
  private func searches() throws(FaceqError) -> [BenchSubject] {
    let file = try DetectorFile(path: model)
    if layers, case .cascade = file {
      throw FaceqError("\(model) is MTCNN, whose three networks run many times for a picture; leave out --layers")
    }
    let (kernels, threads) = (try options.kernels(), try options.threadPlan())
    let detector = try FaceDetector(file, kernels: kernels, threads: threads)
    return try pictureSizes(sizes ?? "640x360").map { size throws(FaceqError) in
      try BenchSubject(file, detector, size, kernels, threads)
    }
  }

  private func measure(
    _ subjects: [BenchSubject], comparesWithFloat: Bool, _ console: Console
  ) throws(FaceqError) {
    let threads = subjects[0].threads
    let roundTripBefore = try threadRoundTrip(threads)
    let latencies = try measureLatencies(subjects, runs: runs, console)
    let roundTripAfter = try threadRoundTrip(threads)
    var report = BenchReport(
      rows: zip(subjects, latencies).map { BenchReport.Row(subject: $0, latency: $1) },
      comparesWithFloat: comparesWithFloat)
    report.roundTrips = [roundTripBefore, roundTripAfter].compactMap { $0 }
    if layers {
      for index in report.rows.indices where index == 0 || !comparesWithFloat {
        report.rows[index].layers = try LayerTimes(subjects[index], kernels: options.kernels(), runs: runs, console)
      }
    }
    try console.print(json ? report.json() : report.text())
  }
}
