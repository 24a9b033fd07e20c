import QuantRuntime

/// Everything that is known about the quality of one int8 model, and the page that shows it.
public struct QualityReport: Sendable {
  /// One face and its embeddings, float (or the reference's) and int8.
  public struct Face: Sendable {
    public var path: FilePath
    public var reference: [Float]
    public var embedding: [Float]
    public let cosine: Float

    public init(path: FilePath, reference: [Float], embedding: [Float]) {
      self.path = path
      self.reference = reference
      self.embedding = embedding
      cosine = QuantRuntime.cosine(reference, embedding)
    }
  }

  /// A face as a picture: the JPEG file's bytes.
  public struct Picture: Sendable {
    public var path: FilePath
    public var cosine: Float
    public var jpeg: [UInt8]

    public init(path: FilePath, cosine: Float, jpeg: [UInt8]) {
      self.path = path
      self.cosine = cosine
      self.jpeg = jpeg
    }
  }

  /// Milliseconds for one embedding on one thread.
  public struct Timing: Sendable {
    public var float: Double?
    public var int8: Double
    public var instructionSet: String

    public init(float: Double?, int8: Double, instructionSet: String) {
      self.float = float
      self.int8 = int8
      self.instructionSet = instructionSet
    }
  }

  public var model: Model
  /// The int8 file's name: a model that has just been calibrated has none yet.
  public var modelName: String
  public var referenceName: String
  public var referenceDigest: String?
  /// Which faces these are, as `the faces in dev`.
  public var facesName: String
  public var faces: [Face]
  public var skipped = 0
  /// The 1st percentile must be at least this.
  public var gate: Float?
  public var findings: [Finding] = []
  public var comparison: NetworkComparison?
  public var trend: [TrendPoint] = []
  public var worst: [Picture] = []
  public var timing: Timing?
  public var tool: String

  /// - Parameter faces: at least one.
  public init(
    model: Model, modelName: String, referenceName: String, referenceDigest: String?, facesName: String, faces: [Face],
    tool: String
  ) {
    precondition(!faces.isEmpty)
    self.model = model
    self.modelName = modelName
    self.referenceName = referenceName
    self.referenceDigest = referenceDigest
    self.facesName = facesName
    self.faces = faces
    self.tool = tool
  }

  public var drift: DriftSummary { DriftSummary(cosines: faces.map(\.cosine)) }

  /// The `count` faces with the lowest cosines, lowest first.
  public func worstFaces(_ count: Int) -> [Int] {
    Array(faces.indices.sorted { (faces[$0].cosine, $0) < (faces[$1].cosine, $1) }.prefix(count))
  }

  /// Writes the page, as a whole or not at all.
  public func write(to path: FilePath) throws(FaceqError) {
    var file = try AtomicFile(path: path)
    try file.write(Array(page.utf8))
    try file.commit()
  }
}

/// Drift on the held-back faces after calibrating with so many images.
public struct TrendPoint: Sendable {
  public var images: Int
  public var drift: DriftSummary
  /// 1 − mean cosine.
  public var meanLoss: Double { 1 - Double(drift.mean) }

  public init(images: Int, drift: DriftSummary) {
    self.images = images
    self.drift = drift
  }
}
