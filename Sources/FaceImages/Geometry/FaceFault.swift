/// Why a face should not be embedded though it was found.
public enum FaceFault: Sendable, Equatable {
  /// Aligning it would enlarge it more than `maximumEnlargement` times.
  case tooSmall
  /// A landmark, or more than `maximumMissing` of the aligned picture, lies outside of the photo.
  case cutOff
  /// The eyes are below the mouth.
  case upsideDown
  /// Even where they lie best, the landmarks are `maximumResidual` pixels or more from the template's.
  case distorted

  /// How many times aligning may enlarge a face: the eyes of a smaller one are less than 9 pixels apart.
  static let maximumEnlargement = 4.0
  static let maximumMissing = 0.3
  /// The largest root of the mean squared distance of the landmarks from the template's, in a picture of 112 × 112.
  static let maximumResidual: Float = 10

  /// What is wrong with a face that has these landmarks (left eye, right eye, nose, left and right corner of the mouth)
  /// in a photo of this size; nil where nothing is.
  public init?(landmarks: [Point], width: Int, height: Int) {
    let template = FaceTemplate.arcFace112
    guard let transform = SimilarityTransform.leastSquares(from: landmarks, to: template) else {
      self = .distorted
      return
    }
    if landmarks[0].y + landmarks[1].y >= landmarks[3].y + landmarks[4].y {
      self = .upsideDown
    } else if !(transform.residual(from: landmarks, to: template) < FaceFault.maximumResidual) {
      self = .distorted
    } else if (transform.a * transform.a + transform.b * transform.b).squareRoot() > FaceFault.maximumEnlargement {
      self = .tooSmall
    } else if FaceFault.missingPart(transform.inverse, width: width, height: height) > FaceFault.maximumMissing
      || !landmarks.allSatisfy({ FaceFault.isInside($0, width: width, height: height) })
    {
      self = .cutOff
    } else {
      return nil
    }
  }

  /// The fault as a clause, for the end of a sentence: "it is cut off by the picture's edge".
  public var explanation: String {
    switch self {
    case .tooSmall: "it is too small: its eyes are less than 9 pixels apart"
    case .cutOff: "it is cut off by the picture's edge"
    case .upsideDown: "it is upside down: turn the picture first"
    case .distorted: "its landmarks do not look like a face's"
    }
  }

  /// The part of the aligned picture that nothing of the photo falls on, by 16 × 16 samples.
  private static func missingPart(_ inverse: SimilarityTransform, width: Int, height: Int) -> Double {
    var missing = 0
    for row in 0..<16 {
      for column in 0..<16 {
        let point = inverse.applied(to: Point(x: Float(column) * 7 + 3, y: Float(row) * 7 + 3))
        if !isInside(point, width: width, height: height) { missing += 1 }
      }
    }
    return Double(missing) / 256
  }

  private static func isInside(_ point: Point, width: Int, height: Int) -> Bool {
    point.x >= -0.5 && point.y >= -0.5 && point.x < Float(width) - 0.5 && point.y < Float(height) - 0.5
  }
}
