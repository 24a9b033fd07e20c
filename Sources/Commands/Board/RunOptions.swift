import FaceqSupport
import QuantRuntime
import SIMDKernels

/// How a model runs: what every command that runs one lets the user choose.
package struct RunOptions: Sendable {
  /// The name of an instruction set; nil takes `FACEQ_ISA`, else the best that the machine has.
  package var isa: String?
  /// The number of threads, 1…256; nil takes one for each core, or for each big core where there are LITTLE ones too.
  package var threads: Int?
  /// The cores to run on, written as `CoreList` reads them, with one thread each; instead of a number of threads.
  package var cores: String?
  /// `auto`, `on` or `off`: which 3×3 convolutions are computed as Winograd; nil is `auto`.
  package var winograd: String?

  package init(isa: String? = nil, threads: Int? = nil, cores: String? = nil, winograd: String? = nil) {
    self.isa = isa
    self.threads = threads
    self.cores = cores
    self.winograd = winograd
  }

  /// A session that runs `model` as was chosen.
  ///
  /// - Throws: where a choice is not possible on this machine.
  package func session(_ model: Model, observing: Bool = false) throws(FaceqError) -> EmbeddingSession {
    let kernels = try kernels()
    let choice = WinogradChoice(
      rule: try winogradRule(), measured: try TuningFile.measured(model, kernels.instructionSet))
    return try EmbeddingSession(
      model, kernels: kernels, threads: threadPlan(), winograd: choice, observing: observing)
  }

  /// Finds impossible choices before a model is opened.
  package func check() throws(FaceqError) {
    _ = try kernels()
    _ = try threadPlan()
    _ = try winogradRule()
  }

  /// The kernels of the instruction set that the user or else `FACEQ_ISA` names; without a name, the fastest ones.
  ///
  /// - Throws: where there is no such instruction set on this machine.
  package func kernels() throws(FaceqError) -> KernelTable {
    try advising("choose with --isa or FACEQ_ISA") { () throws(FaceqError) in
      try QuantRuntime.kernels(isa ?? environment("FACEQ_ISA"))
    }
  }

  private func winogradRule() throws(FaceqError) -> WinogradChoice.Rule {
    guard let winograd else { return .auto }
    guard let rule = WinogradChoice.Rule(rawValue: winograd) else {
      throw FaceqError("cannot run with Winograd \(winograd); choose auto, on or off with --winograd")
    }
    return rule
  }

  /// The threads that were chosen.
  ///
  /// - Throws: where the threads or cores are not possible.
  package func threadPlan() throws(FaceqError) -> ThreadPlan {
    let topology = CoreTopology()
    guard let cores else {
      return try advising("choose with --threads") { () throws(FaceqError) in
        try ThreadPlan(threads: threads, on: topology)
      }
    }
    guard threads == nil else {
      throw FaceqError("choose one of --threads and --cores: each of the cores gets one thread")
    }
    guard let list = CoreList(cores) else {
      throw FaceqError("--cores wants the numbers of cores, such as 4-7 or 0,2-3, and not \(cores)")
    }
    return try advising("choose with --cores") { () throws(FaceqError) in try ThreadPlan(cores: list, on: topology) }
  }
}
