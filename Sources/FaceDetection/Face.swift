package import FaceImages

/// A face that a detector found.
package struct Face: Sendable, Equatable {
  package var box: FaceBox
  /// The detector's own measure of certainty, 0…1.
  package var score: Float
  /// Left eye, right eye, nose, left and right corner of the mouth (left in the picture), in pixels of the picture;
  /// empty where the detector finds none.
  package var landmarks: [Point]

  package init(box: FaceBox, score: Float, landmarks: [Point]) {
    self.box = box
    self.score = score
    self.landmarks = landmarks
  }

  /// Nil when a number is not finite or the box is empty, which no face is.
  init?(checking box: FaceBox, score: Float, landmarks: [Point]) {
    guard box.width > 0, box.height > 0, box.width.isFinite, box.height.isFinite, score.isFinite,
      landmarks.allSatisfy({ $0.x.isFinite && $0.y.isFinite })
    else { return nil }
    self.init(box: box, score: score, landmarks: landmarks)
  }
}
