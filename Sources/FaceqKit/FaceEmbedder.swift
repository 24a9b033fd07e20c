internal import FaceImages
internal import FaceqSupport
internal import QuantRuntime
internal import SIMDKernels

/// Embeds aligned faces.
///
///     let embedder = try FaceEmbedder(model: "int8.gguf")
///     let a = try embedder.embed(FacePicture(path: "ada-112x112.png"))
///     let b = try embedder.embed(FacePicture(path: "bob-112x112.png"))
///     print(try FaceEmbedder.compare(a, b))
///
/// An embedder belongs to one thread at a time: it is not `Sendable`, so the compiler sees to that. It has worker threads
/// of its own. Make one for each of your threads; those of one ``FaceModel`` share its weights.
public final class FaceEmbedder {
  public let model: FaceModel
  let computing: Computing
  private let network: Model
  private let session: EmbeddingSession

  /// - Parameters:
  ///   - path: a model file.
  ///   - threads: how many share the work, 1…256, the calling one included; nil is one for each core, or each big core.
  ///   - instructionSet: one of ``availableInstructionSets``; nil is the fastest.
  /// - Throws: `unusableFile`, `invalidArgument`, `unsupported` or `outOfMemory`.
  public convenience init(model path: String, threads: Int? = nil, instructionSet: String? = nil) throws(FaceError) {
    try self.init(model: FaceModel(path: path), threads: threads, instructionSet: instructionSet)
  }

  /// As the other initialiser, of a model that is open.
  public convenience init(
    model: FaceModel, threads: Int? = nil, instructionSet: String? = nil
  ) throws(FaceError) {
    try self.init(model, Computing(threads: threads, instructionSet: instructionSet))
  }

  package convenience init(_ model: FaceModel, _ computing: Computing) throws(FaceError) {
    guard let network = model.embedding else {
      throw FaceError(.unusableFile, "\(model.path) is a face detector; name an embedding model")
    }
    let session = try failing(as: .unsupported) { () throws(FaceqError) in
      try EmbeddingSession(network, kernels: computing.kernels, threads: computing.threads)
    }
    self.init(model, network, computing, session)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ model: FaceModel, _ network: Model, _ computing: Computing, _ session: EmbeddingSession) {
    self.model = model
    self.network = network
    self.computing = computing
    self.session = session
  }

  /// The names of the instruction sets that can be used here, slowest first.
  public static var availableInstructionSets: [String] {
    QuantRuntime.availableInstructionSets().map { $0.rawValue }
  }

  /// The instruction set that computes.
  public var instructionSet: String { session.instructionSet.rawValue }

  /// How many threads compute, the calling one included.
  public var threads: Int { session.threads.count }

  /// The embedding of an aligned face: `model.embeddingSize` numbers, of unit length.
  ///
  /// - Parameters:
  ///   - face: of exactly the model's size, as ``FacePicture/aligned(_:side:)`` makes it.
  ///   - flip: adds the mirror image's embedding, and normalises again.
  /// - Throws: `unusablePicture` where the picture has another size; `unusableFile` where the network gives no embedding
  ///   of it.
  public func embed(_ face: FacePicture, flip: Bool = false) throws(FaceError) -> [Float] {
    guard accepts(face) else {
      throw FaceError(
        .unusablePicture,
        "\(face.photo.path) is \(face.width)×\(face.height), but the model wants aligned faces of "
          + "\(model.faceWidth)×\(model.faceHeight); detect and align the face, do not just resize the picture")
    }
    return try embed(face.whole().image, flip: flip)
  }

  /// The cosine of two embeddings, −1…1: about 0 for different people.
  ///
  /// - Throws: `invalidArgument` where they have different numbers of components.
  public static func compare(_ a: [Float], _ b: [Float]) throws(FaceError) -> Float {
    guard a.count == b.count else {
      throw FaceError(
        .invalidArgument,
        "embeddings of \(a.count) and of \(b.count) components cannot be compared; embed both with one model")
    }
    return cosine(a, b)
  }

  /// Computes what the model was calibrated to give for a pattern.
  ///
  /// - Throws: `wrongResult` where any bit differs; `notOpen` where the model brings no self-test, as float models.
  public func selfTest() throws(FaceError) {
    let expected = network.description.calibration?.selfTest ?? []
    guard !expected.isEmpty else {
      throw FaceError(.notOpen, "\(model.path) has no self-test; calibrated int8 models bring one")
    }
    let values = try failing(as: .wrongResult) { () throws(FaceqError) in try session.selfTest() }
    try check(values, against: expected, of: model)
  }

  func accepts(_ picture: FacePicture) -> Bool {
    picture.width == model.faceWidth && picture.height == model.faceHeight
  }

  func embed(_ face: RGBImage, flip: Bool) throws(FaceError) -> [Float] {
    try failing(as: .unusableFile) { () throws(FaceqError) in try session.embed(face.pixels, flip: flip) }
  }
}

/// Fails with `wrongResult` where the bits of a self-test are others than they should be.
func check(_ values: [Float], against expected: [Float], of model: FaceModel) throws(FaceError) {
  guard values.count == expected.count, zip(values, expected).allSatisfy({ $0.bitPattern == $1.bitPattern }) else {
    throw FaceError(
      .wrongResult, "\(model.path) gives other numbers on this machine than it should; do not use it here")
  }
}
