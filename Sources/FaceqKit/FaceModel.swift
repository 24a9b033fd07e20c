package import FaceqSupport
internal import QuantRuntime

/// A model file, open: an embedding model or a detector, as `faceq import` and `faceq calibrate` make them.
///
/// Sessions (``FaceEmbedder``, ``FaceDetector``, ``FaceAnalysis``) on several threads may share one model, and its
/// weights with it:
///
///     let model = try FaceModel(path: "int8.gguf")
///     let embedder = try FaceEmbedder(model: model)
public struct FaceModel: Sendable {
  enum Content: Sendable {
    case embedding(Model)
    case detector(DetectorFile)
  }

  let content: Content
  let path: FilePath

  /// Opens a file, all of which is verified. It is mapped: replace it by renaming, never in place.
  ///
  /// - Throws: `unusableFile` where it cannot be read, is damaged or is no model; `outOfMemory`.
  public init(path: String) throws(FaceError) { try self.init(FilePath(path)) }

  /// Opens the bytes of a file, which are copied.
  ///
  /// - Throws: as `init(path:)`.
  public init(copying bytes: Span<UInt8>) throws(FaceError) {
    try self.init(copying: bytes.withUnsafeBufferPointer { UnsafeRawBufferPointer($0) })
  }

  package init(_ path: FilePath) throws(FaceError) {
    try self.init(try failing(as: .unusableFile) { () throws(FaceqError) in try GGUFFile(path: path) })
  }

  package init(copying bytes: UnsafeRawBufferPointer) throws(FaceError) {
    try self.init(
      try failing(as: .unusableFile) { () throws(FaceqError) in
        try GGUFFile(MappedFile(copying: bytes, name: "the model in memory"))
      })
  }

  private init(_ file: GGUFFile) throws(FaceError) {
    path = file.path
    content = try failing(as: .unusableFile) { () throws(FaceqError) in
      DetectorFile.isDetector(file) ? .detector(try DetectorFile(file)) : .embedding(try Model(file))
    }
  }

  /// Whether this is a detector rather than an embedding model.
  public var isDetector: Bool { if case .detector = content { true } else { false } }

  /// Components of an embedding; 0 of a detector.
  public var embeddingSize: Int { embedding?.embeddingSize ?? 0 }

  /// The width of an aligned face that the model wants, in pixels; 0 of a detector.
  public var faceWidth: Int { embedding?.image.width ?? 0 }

  /// The height of an aligned face that the model wants, in pixels; 0 of a detector.
  public var faceHeight: Int { embedding?.image.height ?? 0 }

  /// Whether the weights are int8 rather than float.
  public var isInt8: Bool {
    switch content {
    case .embedding(let model): model.precision == "int8"
    case .detector(.network(let model)): model.precision == "int8"
    case .detector(.cascade): false
    }
  }

  /// Whether the model was never trained, and identifies nobody.
  public var isStandIn: Bool { embedding?.description.isStandIn ?? false }

  /// 32 hexadecimal digits that stand for all that decides the embeddings, or the faces that are found.
  public var digest: String {
    switch content {
    case .embedding(let model): model.digest
    case .detector(let file): file.identity.digest
    }
  }

  var detectorIdentity: DetectorIdentity? {
    if case .detector(let file) = content { file.identity } else { nil }
  }

  var embedding: Model? { if case .embedding(let model) = content { model } else { nil } }
}
