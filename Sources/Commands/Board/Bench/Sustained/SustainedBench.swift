import CSystem
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `bench --minutes`: embeds without a pause, and says for each minute how fast, how hot and at which clock.
///
/// Ctrl-C (or SIGTERM) ends it early, with the comparison of the minutes that there are.
struct SustainedBench {
  var minutes: Int
  var json: Bool
  var options: RunOptions

  func run(_ model: FilePath, _ console: Console) throws(FaceqError) {
    guard (1...10_000).contains(minutes) else {
      throw FaceqError("cannot measure \(counted(minutes, "minute")); choose 1 to 10000 with --minutes")
    }
    // Before the session's threads are there, which would end the process otherwise.
    system_hold_requests_to_end()
    let session = try options.session(try openModel(model, console))
    let plan = ThreadPlanReport(plan: session.threads, topology: CoreTopology())
    if !json { try console.print(plan.text + "\n\n" + LoadReport.header) }

    let sensors = MachineSensors(coreClasses: plan.classesInUse)
    var load = LoadReport()
    try measure(session, sensors, LoadRecorder(coreClasses: plan.classesInUse.count), console) {
      minute throws(FaceqError) in
      load.minutes.append(minute)
      if !json { try console.print(LoadReport.row(minute)) }
    }
    guard json else { return try console.print("\n" + load.comparison) }
    try console.print(
      JSONWriter.text { json in
        load.write(to: &json)
        plan.write(to: &json)
        json.member("isa", session.instructionSet.rawValue)
        json.member("revision", sourceRevision())
      })
  }

  private func measure(
    _ session: EmbeddingSession, _ sensors: MachineSensors, _ emptyRecorder: LoadRecorder, _ console: Console,
    _ report: (LoadMinute) throws(FaceqError) -> Void
  ) throws(FaceqError) {
    var recorder = emptyRecorder
    let pixels = selfTestPattern(height: session.model.image.height, width: session.model.image.width)
    var embedding = [Float](repeating: 0, count: session.model.embeddingSize)
    try session.embed(pixels, into: &embedding)  // Touches all memory.

    var progress = ProgressMeter(console, total: minutes * 60, noun: "second")
    var readings = 0
    let start = monotonicSeconds()
    var (done, end) = (0, 0.0)
    while done < minutes && !system_was_asked_to_end() {
      let begin = end
      try session.embed(pixels, into: &embedding)
      end = monotonicSeconds() - start
      while Double(readings) < end && readings < minutes * 60 {
        recorder.addReading(temperature: sensors.temperature(), megahertz: sensors.megahertz())
        progress.advance()
        readings += 1
      }
      guard let minute = recorder.addEmbedding(milliseconds: (end - begin) * 1000, end: end) else { continue }
      done += 1
      console.showProgress("")
      try report(minute)
    }
    console.showProgress("")
    if let begun = recorder.finish(end: end) { try report(begun) }
  }
}

extension ThreadPlanReport {
  /// The cores that threads may run on, class by class.
  var classesInUse: [CoreList] {
    topology.classes.map { coreClass in
      CoreList(coreClass.cores.cores.filter { plan.cores?.contains($0) ?? true })
    }.filter { !$0.cores.isEmpty }
  }
}
