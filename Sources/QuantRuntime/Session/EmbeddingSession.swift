import FaceqSupport
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
  let program: Program
  let steps: StepList
  let pool: WorkerPool
  private let memory: ProgramMemory
  private var mirrorSum: [Float]

  /// - Parameters:
  ///   - kernels: from `kernels(_:)`.
  ///   - winograd: which convolutions are computed as Winograd.
  ///   - observing: hand out activations (`embed(_:observer:)`).
  /// - Throws: where the system refuses a thread, or a core.
  public convenience init(
    _ model: Model, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice = WinogradChoice(),
    observing: Bool = false
  ) throws(FaceqError) {
    let (packed, table) = try model.packed(for: kernels, winograd)
    let memory = ProgramMemory()
    let program = try packed.program(
      height: model.image.height, width: model.image.width, table, threads: threads, winograd: winograd, memory,
      observing: observing)
    let steps = StepList(program.steps)
    let pool = try WorkerPool(threads, steps: steps)
    self.init(model, kernels.instructionSet, threads, program, steps, pool, memory)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(
    _ model: Model, _ instructionSet: InstructionSet, _ threads: ThreadPlan, _ program: Program, _ steps: StepList,
    _ pool: WorkerPool, _ memory: ProgramMemory
  ) {
    self.model = model
    self.instructionSet = instructionSet
    self.threads = threads
    self.program = program
    self.steps = steps
    self.pool = pool
    self.memory = memory
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
    for index in 0..<embedding.count { embedding[index] = output[index] }
    try check(embedding)
    guard flip else { return }
    run(pixels, mirrored: true)
    for index in 0..<embedding.count { mirrorSum[index] = embedding[index] + output[index] }
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

  /// As `embed(_:flip:)`, calling `observer` with the values of every node on the way (of an observing session).
  public func embed(_ pixels: [UInt8], observer: (NodeValues) -> Void) throws(FaceqError) -> [Float] {
    try withoutActuallyEscaping(observer) { (escaping) throws(FaceqError) in
      program.observer.body = escaping
      defer { program.observer.body = nil }
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
    precondition(embedding.count == model.embeddingSize && seconds.count == steps.count)
    WorkerPool.measure(into: &seconds) { run(pixels, mirrored: false, times: $0) }
    for index in 0..<embedding.count { embedding[index] = output[index] }
    try check(embedding)
  }

  /// Bytes of activation memory.
  public var activationBytes: Int { memory.byteCount }

  /// The embedding of the last run.
  private var output: UnsafeMutablePointer<Float> { program.outputs[0].floats }

  /// - Parameter scope: the steps to run; nil for all of them.
  func run(
    _ pixels: [UInt8], mirrored: Bool, scope: Range<Int>? = nil, times: UnsafeMutablePointer<Double>? = nil
  ) {
    precondition(pixels.count == model.image.height * model.image.width * 3)
    pixels.withUnsafeBufferPointer { buffer in
      program.image.pixels = buffer.baseAddress
      program.image.mirrored = mirrored
      steps.scope = scope
      pool.run(times: times)
      steps.scope = nil
      program.image.pixels = nil
    }
  }
}

extension Model {
  /// The network as the kernels want it, and those of the kernels that read its weights.
  fileprivate func packed(
    for kernels: KernelTable, _ winograd: WinogradChoice
  ) throws(FaceqError) -> (PackedGraph, KernelTable) {
    switch network {
    case .float(let graph):
      (.float(try graph.packed(isWinograd: winograd.isFasterInFloat(on: kernels.instructionSet))), kernels)
    case .int8(let graph): (.int8(graph), try kernels.reading(graph.packedOrder, of: path))
    }
  }
}
