import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `tune`: measures on this machine which convolutions are faster as Winograd, and keeps the result beside the model.
package struct TuneCommand: Sendable {
  package var model: FilePath
  package var options: RunOptions

  package init(model: FilePath, options: RunOptions) {
    self.model = model
    self.options = options
  }

  package func run(_ console: Console) throws(FaceqError) {
    try options.check()
    let model = try openModel(model, console)
    let path = TuningFile.path(model)
    try checkWritable(path)
    let direct = try session(model, WinogradChoice(rule: .off))
    let shapes = direct.winogradShapes
    guard !shapes.isEmpty else {
      throw FaceqError(
        "\(model.path) has no convolution that could be computed in two ways, so there is nothing to tune")
    }
    var progress = ProgressMeter(console, total: shapes.count + 2, noun: "measurement")
    let baseline = try milliseconds(direct)
    progress.advance()

    var measured: [(shape: WinogradShape, isFaster: Bool)] = []
    for shape in shapes {
      let alone = shapes.map { (shape: $0, isFaster: $0 == shape) }
      let time = try milliseconds(session(model, WinogradChoice(measured: alone)))
      measured.append((shape, time < baseline))
      progress.advance()
      try console.print(
        shape.text + ": direct \(format(baseline)) ms for an embedding, Winograd \(format(time)) ms")
    }
    let tuned = try milliseconds(session(model, WinogradChoice(measured: measured)))
    progress.advance()
    try console.print("all together: \(format(tuned)) ms instead of \(format(baseline)) ms")
    // One by one they may be faster, and slower together.
    let choice = measured.map { (shape: $0.shape, isFaster: $0.isFaster && tuned < baseline) }
    try TuningFile(digest: model.digest, instructionSet: direct.instructionSet, measured: choice).write(to: path)
    try console.print("kept in \(path)")
  }

  private func session(_ model: Model, _ choice: WinogradChoice) throws(FaceqError) -> EmbeddingSession {
    try EmbeddingSession(model, kernels: options.kernels(), threads: options.threadPlan(), winograd: choice)
  }

  /// The fastest of several embeddings, in milliseconds.
  private func milliseconds(_ session: EmbeddingSession) throws(FaceqError) -> Double {
    let input = session.model.image
    let pixels = selfTestPattern(height: input.height, width: input.width)
    var embedding = [Float](repeating: 0, count: session.model.embeddingSize)
    var fastest = Double.infinity
    var elapsed = 0.0
    var runs = 0
    while runs < 5 || elapsed < 1 && runs < 100 {
      let start = monotonicSeconds()
      try session.embed(pixels, into: &embedding)
      let seconds = monotonicSeconds() - start
      fastest = min(fastest, seconds)
      elapsed += seconds
      runs += 1
    }
    return fastest * 1000
  }

  private func format(_ milliseconds: Double) -> String { formatDecimal(milliseconds, fractionDigits: 1) }
}
