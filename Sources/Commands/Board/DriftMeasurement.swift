import FaceqSupport
import QuantRuntime

/// What `drift` has measured, face by face.
package struct DriftMeasurement {
  /// The embeddings of one face.
  package struct Embeddings {
    package let reference: [Float]
    package let model: [Float]
  }

  /// What ran, against what, as the heading of a report.
  let title: String
  package let model: Model
  /// The float model; nil where the reference is a file of embeddings.
  package internal(set) var reference: Model?
  /// The faces that both had an embedding of.
  package internal(set) var paths = PathList()
  /// The cosine of each face's two embeddings.
  package internal(set) var cosines: [Float] = []
  /// The embeddings of each face where they are to be kept; else empty.
  package internal(set) var embeddings: [Embeddings] = []
  package var skipped: Int { skips?.count ?? 0 }
  var skips: SkippedImages?
  /// The signal-to-noise ratio after every addition in dB, with the addition's name; empty where the reference is a file
  /// of embeddings.
  var blocks: [(name: String, decibels: Double)] = []
  /// How many images `blocks` is from.
  var blockImages = 0
  /// Warnings for the JSON report, which others add.
  package var warnings: [String] = []
  /// Reads a face again.
  package internal(set) var pixels: (FilePath) throws(FaceqError) -> [UInt8] = { path throws(FaceqError) in
    throw FaceqError("\(path) has not been read")
  }

  init(title: String, model: Model) {
    self.title = title
    self.model = model
  }
}
