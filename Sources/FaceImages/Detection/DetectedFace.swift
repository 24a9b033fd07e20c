/// A face that was found.
public struct DetectedFace: Sendable, Equatable {
  public var box: CandidateBox
  /// Left eye, right eye, nose, left and right corner of the mouth (left in the picture), in pixels of the picture.
  public var landmarks: [Point]
  /// The eyes are the lower ones in the picture, and left and right are those of the picture turned by 180°.
  package var isUpsideDown = false

  public init(box: CandidateBox, landmarks: [Point]) {
    self.box = box
    self.landmarks = landmarks
  }
}
