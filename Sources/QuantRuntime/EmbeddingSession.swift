import SIMDKernels

/// Runs one model: images in, embeddings out.
///
/// A session belongs to one thread at a time (it is not `Sendable`, so the compiler sees to that) and brings its own
/// worker threads. Sessions of one model share its weights. After the first call `embed(_:flip:into:)` allocates
/// nothing.
public final class EmbeddingSession {
  public let model: Model
  public let instructionSet: InstructionSet
  public let threads: ThreadPlan
  let program: EmbeddingProgram
  let pool: WorkerPool
  private var mirrorSum: [Float]

  /// - Parameters:
  ///   - kernels: from `kernels(_:)`.
  ///   - winograd: which convolutions are computed as Winograd.
  ///   - observing: hand out activations (`embed(_:observer:)`).
  /// - Throws: where the system refuses a thread, or a core.
  public init(
    _ model: Model, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice = WinogradChoice(),
    observing: Bool = false
  ) throws(FaceqError) {
    self.model = model
    self.threads = threads
    instructionSet = kernels.instructionSet
    switch model.network {
    case .float(let network):
      program = FloatProgram(
        network, kernels: kernels, threads: threads, winograd: winograd, observing: observing)
    case .int8(let network):
      program = Int8Program(
        network, kernels: try kernels.reading(network.packedOrder, of: model.path), threads: threads,
        winograd: winograd, observing: observing)
    }
    pool = try WorkerPool(threads, program: program)
    mirrorSum = [Float](repeating: 0, count: paddedChannels(model.embeddingSize))
  }

  /// The embedding of an aligned face, of unit length.
  ///
  /// - Parameters:
  ///   - pixels: RGB [row][column][3], of exactly the model's input size.
  ///   - flip: adds the mirror image's embedding, and normalises again.
  ///
  /// - Throws: where the network gives no embedding: only zeros, or what is no number.
  public func embed(_ pixels: [UInt8], flip: Bool = false) throws(FaceqError) -> [Float] {
    var embedding = [Float](repeating: 0, count: model.embeddingSize)
    try embed(pixels, flip: flip, into: &embedding)
    return embedding
  }

  /// As `embed(_:flip:)`, into memory of the caller's: `model.embeddingSize` values.
  public func embed(_ pixels: [UInt8], flip: Bool = false, into embedding: inout [Float]) throws(FaceqError) {
    precondition(embedding.count == model.embeddingSize)
    run(pixels, mirrored: false)
    for index in 0..<embedding.count { embedding[index] = program.embedding[index] }
    try check(embedding)
    guard flip else { return }
    run(pixels, mirrored: true)
    for index in 0..<embedding.count { mirrorSum[index] = embedding[index] + program.embedding[index] }
    mirrorSum.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { normalise(base, count: buffer.count) }
    }
    for index in 0..<embedding.count { embedding[index] = mirrorSum[index] }
    try check(embedding)
  }

  /// A network with a dead layer gives zeros, and one with numbers that are too large gives none at all. Whatever is
  /// compared with such a vector looks like an answer.
  private func check(_ embedding: [Float]) throws(FaceqError) {
    var squares: Float = 0
    for component in embedding { squares += component * component }
    guard abs(squares - 1) < 1e-3 else {
      throw FaceqError(
        "\(model.path) gives no embedding, only zeros or what is no number: its last layers are dead or its weights "
          + "damaged; import another checkpoint of the network")
    }
  }

  /// As `embed(_:flip:)`, calling `observer` with the activations at every tap on the way (of an observing session).
  public func embed(_ pixels: [UInt8], observer: (TapValues) -> Void) throws(FaceqError) -> [Float] {
    try withoutActuallyEscaping(observer) { (escaping) throws(FaceqError) in
      program.observer = escaping
      defer { program.observer = nil }
      return try embed(pixels)
    }
  }

  /// The distinct shapes of an int8 model's convolutions that can be computed as Winograd.
  public var winogradShapes: [WinogradShape] { program.winogradShapes }

  /// What an embedding consists of, in the order it is computed.
  public var layers: [LayerDescription] { program.layers }

  /// As `embed(_:flip:into:)`, with the seconds that each of `layers` took in `seconds`, which has as many elements.
  public func embed(
    _ pixels: [UInt8], into embedding: inout [Float], layerSeconds seconds: inout [Double]
  ) throws(FaceqError) {
    precondition(embedding.count == model.embeddingSize && seconds.count == program.stepCount)
    let start = monotonicSeconds()
    seconds.withUnsafeMutableBufferPointer { run(pixels, mirrored: false, times: $0.baseAddress) }
    for index in stride(from: seconds.count - 1, to: 0, by: -1) { seconds[index] -= seconds[index - 1] }
    seconds[0] -= start
    for index in 0..<embedding.count { embedding[index] = program.embedding[index] }
    try check(embedding)
  }

  /// Bytes of activation memory.
  public var activationBytes: Int { program.arenaBytes }

  /// - Parameter scope: the steps to run; nil for all of them.
  func run(
    _ pixels: [UInt8], mirrored: Bool, scope: Range<Int>? = nil, times: UnsafeMutablePointer<Double>? = nil
  ) {
    precondition(pixels.count == model.input.height * model.input.width * 3)
    pixels.withUnsafeBufferPointer { buffer in
      program.pixels = buffer.baseAddress
      program.mirrored = mirrored
      program.scope = scope
      pool.run(times: times)
      program.scope = nil
      program.pixels = nil
    }
  }
}
