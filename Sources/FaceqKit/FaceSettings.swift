internal import FaceDetection
internal import FaceImages

/// How faces are looked for, and which are embedded. What is nil is as the detector wants it.
///
///     var settings = FaceSettings()
///     settings.minimumFace = 80
public struct FaceSettings: Sendable, Equatable {
  /// What is done with a picture that has exactly the model's size.
  public enum Reading: Sendable {
    /// It is an aligned face; others are photos.
    case bySize
    /// All pictures are aligned faces; other sizes are errors.
    case aligned
    /// All pictures are photos.
    case photo
  }

  /// In pixels of the picture, 12…100,000: narrower faces need not be found.
  public var minimumFace: Int?
  /// The score from which on a face is one, 0.01…1. Not with MTCNN.
  public var score: Float?
  /// How much a face may overlap a better one, 0…1. Not with MTCNN.
  public var overlap: Float?
  /// The probabilities, 0.1…1, that a face must reach in MTCNN's three networks. Only with MTCNN.
  public var thresholds: [Float]?
  /// The quality, 0…1, that a face must have to be embedded; nil takes any.
  public var quality: Float?
  /// Whether faces that the picture's edge cuts off are embedded, with black where nothing of them is.
  public var allowsCutOff = false
  /// Whether pictures are known to be upright. Otherwise the turned picture is searched, too, where no face to be
  /// embedded is found, which takes twice as long.
  public var isUpright = false
  /// Whether the mirror image's embedding is added to each, which is then normalised again.
  public var flips = false
  /// What counts as an aligned face.
  public var reading = Reading.bySize

  public init() {}

  /// Fails with `invalidArgument` where a setting is out of its range.
  func check() throws(FaceError) {
    if let minimumFace, !(12...100_000).contains(minimumFace) {
      throw FaceError(.invalidArgument, "no face can be looked for with \(minimumFace) pixels; choose 12 to 100,000")
    }
    if let score, !(0.01...1).contains(score) {
      throw FaceError(.invalidArgument, "no face can be looked for with this score; choose a number from 0.01 to 1")
    }
    if let overlap, !(0...1).contains(overlap) {
      throw FaceError(.invalidArgument, "faces cannot overlap so much; choose a number from 0 to 1")
    }
    if let thresholds, thresholds.count != 3 || !thresholds.allSatisfy({ (0.1...1).contains($0) }) {
      throw FaceError(.invalidArgument, "no face can be looked for with these thresholds; choose three from 0.1 to 1")
    }
    if let quality, !(0...1).contains(quality) {
      throw FaceError(.invalidArgument, "no face can be asked for this quality; choose a number from 0 to 1")
    }
  }

  /// - Parameter isCascade: whether the detector is MTCNN.
  func search(isCascade: Bool) throws(FaceError) -> SearchSettings {
    try check()
    if isCascade, score != nil || overlap != nil {
      throw FaceError(.invalidArgument, "the detector is MTCNN, which has three thresholds instead of one score")
    }
    if !isCascade, thresholds != nil {
      throw FaceError(.invalidArgument, "the detector is one network, which has one score instead of three thresholds")
    }
    return SearchSettings(minimumFace: minimumFace, score: score, overlap: overlap, thresholds: thresholds)
  }

  /// What speaks against embedding a face.
  func objection(
    to face: DetectedFace, of photo: Photo, figures: @autoclosure () -> FaceQuality?
  ) -> FaceObjection? {
    face.objection(of: photo, figures: figures(), allowsCutOff: allowsCutOff, quality: quality)
  }
}
