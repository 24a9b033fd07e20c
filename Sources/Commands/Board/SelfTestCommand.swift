import FaceDetection
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `selftest`: does this machine compute, bit for bit, the embedding that a model was calibrated with, or what a
/// detector's network handed out?
package struct SelfTestCommand: Sendable {
  package var model: FilePath
  /// Without an instruction set all that the machine has are tested (`FACEQ_ISA` does not count here), without a number
  /// of threads 1 and 2.
  package var options: RunOptions

  package init(model: FilePath, options: RunOptions) {
    self.model = model
    self.options = options
  }

  /// - Throws: also where an embedding differs, after the report.
  package func run(_ console: Console) throws(FaceqError) {
    try options.check()
    let model = try subject(console)
    let expected = model.expected
    guard !expected.isEmpty else {
      throw FaceqError(
        "\(self.model) has no self-test: only int8 models carry an expected embedding, which faceq calibrate puts there"
      )
    }
    try console.print("model   \(self.model), digest \(model.digest)\ncores   \(processorCount())")

    var failed: [String] = []
    let names = if let isa = options.isa { [isa] } else { try instructionSets(model) }
    for name in names {
      var complaints: [String] = []
      for threads in try threadPlans() {
        let values = try model.values(kernels(name), threads)
        guard values.count == expected.count else {
          throw FaceqError(
            "\(self.model) expects \(counted(expected.count, "component")) where its embedding has \(values.count); "
              + "calibrate it again")
        }
        let differences = zip(values, expected).count { $0.bitPattern != $1.bitPattern }
        if differences > 0 {
          complaints.append(
            "\(differences) of \(expected.count) components differ with \(counted(threads.count, "thread"))")
        }
      }
      if !complaints.isEmpty { failed.append(name) }
      let verdict = complaints.isEmpty ? "OK" : "FAILED: " + complaints.joined(separator: ", ")
      try console.print(name + String(repeating: " ", count: max(1, 10 - name.utf8.count)) + verdict)
    }
    guard failed.isEmpty else {
      throw FaceqError(
        "\(self.model) gives another embedding than it should on this machine with \(failed.joined(separator: ", ")); "
          + "do not use it here, and report these lines")
    }
  }

  /// All that can run the model.
  private func instructionSets(_ model: Subject) throws(FaceqError) -> [String] {
    let sets = availableInstructionSets().filter { model.packedOrder == .fours || model.packedOrder == $0.packedOrder }
    guard !sets.isEmpty else {
      throw FaceqError(
        "\(self.model) is packed in the order \(model.packedOrder.rawValue), which no instruction set of this machine "
          + "reads; use the model that it was made from")
    }
    return sets.map { $0.rawValue }
  }

  private func threadPlans() throws(FaceqError) -> [ThreadPlan] {
    options.threads == nil && options.cores == nil ? [1, 2] : [try options.threadPlan()]
  }

  /// What is tested.
  private struct Subject {
    var digest: String
    var packedOrder: PackedOrder
    var expected: [Float]
    var values: (KernelTable, ThreadPlan) throws(FaceqError) -> [Float]
  }

  private func subject(_ console: Console) throws(FaceqError) -> Subject {
    if try DetectorFile.isDetector(model), case .network(let detector) = try DetectorFile(path: model) {
      let order = if case .int8(let graph) = detector.network { graph.packedOrder } else { PackedOrder.fours }
      return Subject(
        digest: detector.digest, packedOrder: order, expected: detector.description.calibration?.selfTest ?? []
      ) { kernels, threads throws(FaceqError) in
        try NetworkDetector(detector, kernels: kernels, threads: threads).selfTest()
      }
    }
    let model = try openModel(model, console)
    return Subject(
      digest: model.digest, packedOrder: model.packedOrder, expected: model.description.calibration?.selfTest ?? []
    ) { kernels, threads throws(FaceqError) in
      try EmbeddingSession(model, kernels: kernels, threads: threads).selfTest()
    }
  }
}
