internal import FaceImages

/// A face in a picture.
///
/// All places are in pixels of the picture, of a file in those of its upright picture at full size: (0, 0) is the centre
/// of the top left pixel, x grows to the right and y downwards.
public struct Face: Sendable, Equatable {
  /// A place in a picture.
  public struct Point: Sendable, Equatable {
    public var x: Float
    public var y: Float

    public init(x: Float, y: Float) {
      self.x = x
      self.y = y
    }
  }

  /// The rectangle around a face.
  public struct Box: Sendable, Equatable {
    public var left: Float
    public var top: Float
    public var right: Float
    public var bottom: Float
  }

  /// Why a face that was found should not be embedded.
  public enum Fault: Sendable, Equatable {
    /// Its eyes are less than 9 pixels apart.
    case tooSmall
    /// The picture's edge cuts it off.
    case cutOff
    /// Its eyes are below its mouth.
    case upsideDown
    /// Its landmarks do not look like a face's, or the detector finds none.
    case distorted
    /// Its quality is less than was asked for.
    case poor
    /// The model gave no embedding of it.
    case noEmbedding
  }

  public var box: Box
  /// The detector's certainty, 0…1.
  public var score: Float
  /// Left eye, right eye, nose, left and right corner of the mouth, left in the picture; empty where the detector finds
  /// none.
  public var landmarks: [Point]
  /// About the cosine of the face's embedding with that of the same face taken well, 0…1.
  public var quality: Float
  /// Nil where the face can be embedded.
  public var fault: Fault?
  /// Whether the picture has to be turned by 180° for this face. Its eyes are then the lower ones, and left and right
  /// are those of the turned picture.
  public var isUpsideDown: Bool
  /// The embedding, of unit length; nil where the face has a fault, or none was asked for.
  public var embedding: [Float]?
}

extension Face {
  /// - Parameter surroundings: the pixels that the face is cut from.
  init(_ face: DetectedFace, of photo: Photo, in surroundings: PhotoPart, _ settings: FaceSettings) {
    box = Box(left: face.box.left, top: face.box.top, right: face.box.right, bottom: face.box.bottom)
    score = face.score
    landmarks = face.landmarks.map { Point(x: $0.x, y: $0.y) }
    let figures = surroundings.quality(of: face)
    quality = figures?.verdict ?? 0
    isUpsideDown = face.isUpsideDown
    switch settings.objection(to: face, of: photo, figures: figures) {
    case .fault(.tooSmall): fault = .tooSmall
    case .fault(.cutOff): fault = .cutOff
    case .fault(.upsideDown): fault = .upsideDown
    case .fault(.distorted): fault = .distorted
    case .poor: fault = .poor
    case nil: fault = nil
    }
  }
}
