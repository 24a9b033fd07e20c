import QuantRuntime

/// How a model runs: what every command that runs one lets the user choose.
public struct RunOptions: Sendable {
  /// Name of an instruction set; nil takes `FACEQ_ISA`, else the best that the machine has.
  public var isa: String?
  /// 1…256; nil takes as many as there are processors.
  public var threads: Int?

  public init(isa: String? = nil, threads: Int? = nil) {
    self.isa = isa
    self.threads = threads
  }

  /// - Throws: where a choice is not possible on this machine.
  public func session(_ model: Model, observing: Bool = false) throws(FaceqError) -> EmbeddingSession {
    try EmbeddingSession(model, kernels: kernels(isa), threads: threadCount(), observing: observing)
  }

  /// Finds impossible choices before a model is opened.
  func check() throws(FaceqError) {
    _ = try kernels(isa)
    _ = try threadCount()
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
