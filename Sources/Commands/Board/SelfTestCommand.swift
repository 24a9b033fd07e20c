import QuantRuntime
import SIMDKernels

/// `selftest`: does this machine compute, bit for bit, the embedding that the model was calibrated with?
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
    let model = try openModel(model, console)
    guard let expected = model.description.calibration?.selfTest, !expected.isEmpty else {
      throw FaceqError(
        "\(model.path) has no self-test: only int8 models carry an expected embedding, which faceq calibrate puts there"
      )
    }
    guard expected.count == model.embeddingSize else {
      throw FaceqError(
        "\(model.path) expects \(counted(expected.count, "component")) where its embedding has \(model.embeddingSize); "
          + "calibrate it again")
    }
    try console.print("model   \(model.path), digest \(model.digest)\ncores   \(processorCount())")

    var failed: [String] = []
    let names = if let isa = options.isa { [isa] } else { try instructionSets(model) }
    for name in names {
      var complaints: [String] = []
      for threads in try threadPlans() {
        let differences = try differingComponents(model, kernels(name), threads, expected)
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
        "\(model.path) gives another embedding than it should on this machine with \(failed.joined(separator: ", ")); "
          + "do not use it here, and report these lines")
    }
  }

  /// All that can run the model.
  private func instructionSets(_ model: Model) throws(FaceqError) -> [String] {
    let sets = availableInstructionSets().filter { model.packedOrder == .fours || model.packedOrder == $0.packedOrder }
    guard !sets.isEmpty else {
      throw FaceqError(
        "\(model.path) is packed in the order \(model.packedOrder.rawValue), which no instruction set of this machine "
          + "reads; use the model that it was made from")
    }
    return sets.map { $0.rawValue }
  }

  private func threadPlans() throws(FaceqError) -> [ThreadPlan] {
    options.threads == nil && options.cores == nil ? [1, 2] : [try options.threadPlan()]
  }

  private func differingComponents(
    _ model: Model, _ kernels: KernelTable, _ threads: ThreadPlan, _ expected: [Float]
  ) throws(FaceqError) -> Int {
    let session = try EmbeddingSession(model, kernels: kernels, threads: threads)
    let embedding = try session.embed(selfTestPattern(height: model.image.height, width: model.image.width))
    return zip(embedding, expected).count { $0.bitPattern != $1.bitPattern }
  }
}
