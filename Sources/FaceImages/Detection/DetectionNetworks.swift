public import QuantRuntime

/// The three networks of MTCNN (Zhang et al., "Joint face detection and alignment using multitask cascaded
/// convolutional networks", 2016) as functions, so that any engine may run them.
public struct DetectionNetworks {
  /// P-Net, on a whole picture of at least 12 × 12 pixels: a window's map position is its top left corner divided by 2.
  public var propose: (NetworkInput) throws(FaceqError) -> ProposalMap
  /// R-Net, on a candidate of 24 × 24 pixels.
  public var refine: (NetworkInput) throws(FaceqError) -> Verdict
  /// O-Net, on a candidate of 48 × 48 pixels.
  public var locate: (NetworkInput) throws(FaceqError) -> (verdict: Verdict, landmarks: [Point])

  /// What R-Net and O-Net say of a candidate.
  public struct Verdict: Sendable {
    /// Behind the softmax, 0…1.
    public var faceProbability: Float
    /// In fractions of the candidate.
    public var offsets: BoxOffsets

    public init(faceProbability: Float, offsets: BoxOffsets) {
      self.faceProbability = faceProbability
      self.offsets = offsets
    }
  }

  /// The five landmarks that `locate` returns are fractions of the candidate's columns and rows: left eye, right eye,
  /// nose, left and right corner of the mouth (left in the picture).
  public init(
    propose: @escaping (NetworkInput) throws(FaceqError) -> ProposalMap,
    refine: @escaping (NetworkInput) throws(FaceqError) -> Verdict,
    locate: @escaping (NetworkInput) throws(FaceqError) -> (verdict: Verdict, landmarks: [Point])
  ) {
    self.propose = propose
    self.refine = refine
    self.locate = locate
  }
}
