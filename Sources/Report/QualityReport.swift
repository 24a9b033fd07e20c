import FaceqSupport
import QuantRuntime

/// Everything that is known about the quality of one int8 model, and the page that shows it.
package struct QualityReport: Sendable {
  /// One face and its embeddings, float (or the reference's) and int8.
  package struct Face: Sendable {
    package var path: FilePath
    package var reference: [Float]
    package var embedding: [Float]
    package let cosine: Float

    package init(path: FilePath, reference: [Float], embedding: [Float]) {
      self.path = path
      self.reference = reference
      self.embedding = embedding
      cosine = QuantRuntime.cosine(reference, embedding)
    }
  }

  /// A face as a picture: the JPEG file's bytes.
  package struct Picture: Sendable {
    package var path: FilePath
    package var cosine: Float
    package var jpeg: [UInt8]

    package init(path: FilePath, cosine: Float, jpeg: [UInt8]) {
      self.path = path
      self.cosine = cosine
      self.jpeg = jpeg
    }
  }

  /// Milliseconds for one embedding on one thread.
  package struct Timing: Sendable {
    package var float: Double?
    package var int8: Double
    package var instructionSet: String

    package init(float: Double?, int8: Double, instructionSet: String) {
      self.float = float
      self.int8 = int8
      self.instructionSet = instructionSet
    }
  }

  package var model: Model
  /// The int8 file's name: a model that has just been calibrated has none yet.
  package var modelName: String
  package var referenceName: String
  package var referenceDigest: String?
  /// Which faces these are, as `the faces in dev`.
  package var facesName: String
  package var faces: [Face]
  package var skipped = 0
  /// The 1st percentile must be at least this.
  package var gate: Float?
  package var findings: [Finding] = []
  package var comparison: NetworkComparison?
  package var trend: [TrendPoint] = []
  package var worst: [Picture] = []
  package var timing: Timing?
  package var tool: String

  /// - Parameter faces: at least one.
  package init(
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

  package var drift: DriftSummary { DriftSummary(cosines: faces.map(\.cosine)) }

  /// The `count` faces with the lowest cosines, lowest first.
  package func worstFaces(_ count: Int) -> [Int] {
    Array(faces.indices.sorted { (faces[$0].cosine, $0) < (faces[$1].cosine, $1) }.prefix(count))
  }

  /// Writes the page, as a whole or not at all.
  package func write(to path: FilePath) throws(FaceqError) {
    var file = try AtomicFile(path: path)
    try file.write(Array(page.utf8))
    try file.commit()
  }
}

/// Drift on the held-back faces after calibrating with so many images.
package struct TrendPoint: Sendable {
  package var images: Int
  package var drift: DriftSummary
  /// 1 − mean cosine.
  package var meanLoss: Double { 1 - Double(drift.mean) }

  package init(images: Int, drift: DriftSummary) {
    self.images = images
    self.drift = drift
  }
}
