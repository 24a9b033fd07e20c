import FaceqSupport
import QuantRuntime

/// What a bank's embeddings are from: the model and, where faces were found in photos, the detector. Embeddings of
/// different models, or of the float and the int8 form of one, must not be compared; those of faces that different
/// detectors found can be, with somewhat smaller cosines.
public struct BankBinding: Sendable, Equatable {
  /// The model file's name when the bank was made, to tell a user which one it was.
  public var modelName: String
  public var digest: String
  /// `float32` or `int8`.
  public var precision: String
  public var embeddingSize: Int
  /// The detector that the first faces from photos were found with; nil where there are none, or where it was not
  /// recorded.
  public var detector: DetectorIdentity?

  public init(
    modelName: String, digest: String, precision: String, embeddingSize: Int, detector: DetectorIdentity? = nil
  ) {
    self.modelName = modelName
    self.digest = digest
    self.precision = precision
    self.embeddingSize = embeddingSize
    self.detector = detector
  }

  public init(_ model: Model) {
    self.init(
      modelName: model.path.description, digest: model.digest, precision: model.precision,
      embeddingSize: model.embeddingSize)
  }

  /// Fails where the embeddings of the bank at `path`, which has this binding, cannot be compared with those of
  /// `other`.
  public func check(_ other: BankBinding, bank path: FilePath) throws(FaceqError) {
    guard
      digest == other.digest, precision == other.precision, embeddingSize == other.embeddingSize
    else {
      throw FaceqError(
        "\(path) was made with another model, \(modelName) (\(precision), digest \(digest)), and \(other.modelName) is "
          + "\(other.precision) with digest \(other.digest); use that model, or enrol the photos into a new bank")
    }
  }
}
