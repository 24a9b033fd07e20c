import QuantRuntime
import SIMDKernels

/// How a model runs: what every command that runs one lets the user choose.
public struct RunOptions: Sendable {
  /// Name of an instruction set; nil takes `FACEQ_ISA`, else the best that the machine has.
  public var isa: String?
  /// 1…256; nil takes as many as there are processors.
  public var threads: Int?
  /// `auto`, `on` or `off`: which 3×3 convolutions of an int8 model are computed as Winograd; nil is `auto`.
  public var winograd: String?

  public init(isa: String? = nil, threads: Int? = nil, winograd: String? = nil) {
    self.isa = isa
    self.threads = threads
    self.winograd = winograd
  }

  /// - Throws: where a choice is not possible on this machine.
  func session(_ model: Model, observing: Bool = false) throws(FaceqError) -> EmbeddingSession {
    let kernels = try kernels(isa)
    let choice = WinogradChoice(
      rule: try winogradRule(), measured: try TuningFile.measured(model, kernels.instructionSet))
    return try EmbeddingSession(
      model, kernels: kernels, threads: threadCount(), winograd: choice, observing: observing)
  }

  /// Finds impossible choices before a model is opened.
  func check() throws(FaceqError) {
    _ = try kernels(isa)
    _ = try threadCount()
    _ = try winogradRule()
  }

  private func winogradRule() throws(FaceqError) -> WinogradChoice.Rule {
    guard let winograd else { return .auto }
    guard let rule = WinogradChoice.Rule(rawValue: winograd) else {
      throw FaceqError("cannot run with Winograd \(winograd); choose auto, on or off with --winograd")
    }
    return rule
  }

  /// - Throws: where the number is not possible.
  public func threadCount() throws(FaceqError) -> Int {
    let count = threads ?? min(processorCount(), 256)
    guard (1...256).contains(count) else {
      throw FaceqError("cannot run on \(count) threads; choose 1 to 256 with --threads")
    }
    return count
  }
}
