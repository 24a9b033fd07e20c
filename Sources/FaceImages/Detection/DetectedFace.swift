/// A face that was found.
public struct DetectedFace: Sendable, Equatable {
  public var box: FaceBox
  /// The detector's own measure of certainty, 0…1.
  public var score: Float
  /// Left eye, right eye, nose, left and right corner of the mouth (left in the picture), in pixels of the picture;
  /// empty where the detector finds none.
  public var landmarks: [Point]
  /// Which of a network's cells it is from, counted through all of them; 0 where the detector has none.
  package var cell = 0
  /// The eyes are the lower ones in the picture, and left and right are those of the picture turned by 180°.
  package var isUpsideDown = false

  public init(box: FaceBox, score: Float, landmarks: [Point]) {
    self.box = box
    self.score = score
    self.landmarks = landmarks
  }

  /// Nil when a number is not finite or the box is empty, which no face is.
  package init?(checking box: FaceBox, score: Float, landmarks: [Point]) {
    guard box.width > 0, box.height > 0, box.width.isFinite, box.height.isFinite, score.isFinite,
      landmarks.allSatisfy({ $0.x.isFinite && $0.y.isFinite })
    else { return nil }
    self.init(box: box, score: score, landmarks: landmarks)
  }

  /// Pixels that the box covers, both sides counted in.
  package var area: Float { (box.width + 1) * (box.height + 1) }

  /// Why this face of a picture of `width` × `height` pixels should not be embedded.
  package func fault(width: Int, height: Int) -> FaceFault? {
    let face = isUpsideDown ? turned(width: width, height: height) : self
    return FaceFault(landmarks: face.landmarks, width: width, height: height)
  }

  /// The face in the picture turned by 180°, which has `width` × `height` pixels.
  package func turned(width: Int, height: Int) -> DetectedFace {
    let (last, lowest) = (Float(width - 1), Float(height - 1))
    var turned = self
    turned.box = FaceBox(
      left: last - box.right, top: lowest - box.bottom, right: last - box.left, bottom: lowest - box.top)
    turned.landmarks = landmarks.map { Point(x: last - $0.x, y: lowest - $0.y) }
    turned.isUpsideDown = !isUpsideDown
    return turned
  }
}

extension [DetectedFace] {
  /// The order is total, so that it is the same on every machine.
  package func largestFirst() -> [DetectedFace] {
    sorted { ($1.area, $0.box.left, $0.box.top) < ($0.area, $1.box.left, $1.box.top) }
  }
}
