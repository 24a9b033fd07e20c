import FaceqSupport

/// A face detector's file, open.
package enum DetectorFile: Sendable {
  /// MTCNN, three networks one behind the other.
  case cascade(DetectorCascade)
  /// One network that sees a whole picture.
  case network(DetectorModel)

  package var identity: DetectorIdentity {
    switch self {
    case .cascade(let cascade): DetectorIdentity(family: DetectorCascade.kind, digest: cascade.digest)
    case .network(let model): DetectorIdentity(family: model.rule.family, digest: model.digest)
    }
  }

  /// Whether a file is a detector's rather than an embedding model's.
  ///
  /// - Throws: where it is no model file at all, naming it.
  package static func isDetector(_ path: FilePath) throws(FaceqError) -> Bool {
    isDetector(try GGUFFile(path: path))
  }

  package static func isDetector(_ file: GGUFFile) -> Bool { file.value(DetectorKey.kind) != nil }

  /// Reads a detector, all of it verified.
  ///
  /// - Throws: what is wrong with the file, naming it.
  package init(path: FilePath) throws(FaceqError) {
    try self.init(try GGUFFile(path: path))
  }

  /// As the other initialiser, of a file that is open.
  package init(_ file: GGUFFile) throws(FaceqError) {
    guard Self.isDetector(file) else {
      throw FaceqError("\(file.path) is not a face detector; make one with scripts/fetch-detector")
    }
    try file.verifyTensors()
    self =
      if try file.string(DetectorKey.kind) == DetectorCascade.kind {
        .cascade(try DetectorCascade(file))
      } else {
        .network(try DetectorModel(file))
      }
  }
}

/// Metadata keys of detector files.
enum DetectorKey {
  /// The family: `mtcnn`, `yunet`, ….
  static let kind = "faceq.detector"
  static let strides = "faceq.detector.strides"
  static let multiple = "faceq.detector.multiple"
  static let scoreRule = "faceq.detector.score_rule"
  static let score = "faceq.detector.score"
  static let overlap = "faceq.detector.overlap"
  static func sourceName(_ network: DetectorNetwork) -> String { "faceq.detector.\(network.rawValue).source.name" }
  static func sourceSHA256(_ network: DetectorNetwork) -> String { "faceq.detector.\(network.rawValue).source.sha256" }
  static func graph(_ network: DetectorNetwork) -> String { "faceq.detector.\(network.rawValue).graph" }
}
