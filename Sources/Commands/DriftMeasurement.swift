import QuantRuntime

/// What `drift` has measured, face by face.
public struct DriftMeasurement {
  /// The embeddings of one face.
  public struct Embeddings {
    public let reference: [Float]
    public let model: [Float]
  }

  /// What ran, against what.
  let title: String
  public let model: Model
  /// The float model; nil where the reference is a file of embeddings.
  public internal(set) var reference: Model?
  /// The faces that both had an embedding of.
  public internal(set) var paths = PathList()
  /// Of each face.
  public internal(set) var cosines: [Float] = []
  /// Of each face, where they are to be kept; else empty.
  public internal(set) var embeddings: [Embeddings] = []
  public var skipped: Int { skips?.count ?? 0 }
  var skips: SkippedImages?
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
