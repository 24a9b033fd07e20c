/// Where the landmarks of an aligned face lie.
public enum FaceTemplate {
  /// Left eye, right eye, nose, left and right corner of the mouth (left in the picture) in a picture of 112 × 112: the
  /// points to which the faces that ArcFace networks are trained on are aligned (InsightFace's `arcface_dst`).
  public static let arcFace112 = [
    Point(x: 38.2946, y: 51.6963), Point(x: 73.5318, y: 51.5014), Point(x: 56.0252, y: 71.7366),
    Point(x: 41.5493, y: 92.3655), Point(x: 70.7299, y: 92.2041),
  ]
}
