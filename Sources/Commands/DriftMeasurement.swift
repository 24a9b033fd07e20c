import QuantRuntime

/// What `drift` has measured, face by face.
public struct DriftMeasurement {
  /// One face that both had an embedding of.
  public struct Face {
    public let path: FilePath
    public let reference: [Float]
    public let embedding: [Float]
    public let cosine: Float

    init(path: FilePath, reference: [Float], embedding: [Float]) {
      self.path = path
      self.reference = reference
      self.embedding = embedding
      cosine = QuantRuntime.cosine(reference, embedding)
    }
  }

  /// What ran, against what.
  let title: String
  public let model: Model
  /// The float model; nil where the reference is a file of embeddings.
  public internal(set) var reference: Model?
  public internal(set) var faces: [Face] = []
  public internal(set) var skipped = 0
  /// Signal-to-noise ratio behind every block in dB; empty where the reference is a file of embeddings.
  var blocks: [Double] = []
  /// The images that `blocks` is from.
  var blockImages = 0
  /// For the JSON report; whoever finds them adds them.
  public var warnings: [String] = []
  /// Reads a face again.
  public internal(set) var pixels: (FilePath) throws(FaceqError) -> [UInt8] = { path throws(FaceqError) in
    throw FaceqError("\(path) has not been read")
  }

  init(title: String, model: Model) {
    self.title = title
    self.model = model
  }
}
