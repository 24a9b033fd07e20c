/// How a head is turned, guessed from five landmarks: good for telling frontal faces from others, not for measuring.
package struct FacePose: Sendable, Equatable {
  /// To the picture's right, in degrees, −90…90.
  package var yaw: Float
  /// Upwards, in degrees, −90…90.
  package var pitch: Float
  /// Clockwise in the picture, in degrees, −180…180.
  package var roll: Float

  /// By where the tip of the nose, which stands out, lies between the eyes and the mouth.
  /// - Parameter landmarks: Left eye, right eye, nose, left and right corner of the mouth (left in the picture).
  /// - Returns: Nil when there are not five, when one is not finite, or when eyes and mouth coincide.
  package init?(landmarks: [Point]) {
    guard landmarks.count == 5, landmarks.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
    let points = landmarks.map { (x: Double($0.x), y: Double($0.y)) }
    let eyes = (x: (points[0].x + points[1].x) / 2, y: (points[0].y + points[1].y) / 2)
    let mouth = (x: (points[3].x + points[4].x) / 2, y: (points[3].y + points[4].y) / 2)
    let across = (x: points[1].x - points[0].x, y: points[1].y - points[0].y)
    let down = (x: mouth.x - eyes.x, y: mouth.y - eyes.y)
    let nose = (x: points[2].x - eyes.x, y: points[2].y - eyes.y)
    let eyeDistance = (across.x * across.x + across.y * across.y).squareRoot()
    let height = (down.x * down.x + down.y * down.y).squareRoot()
    guard eyeDistance > 0, height > 0 else { return nil }
    let aside = (nose.x * down.y - nose.y * down.x) / height / eyeDistance
    let below = (nose.x * down.x + nose.y * down.y) / (height * height)
    yaw = Float(arcTangent(aside, FacePose.noseDepth) * FacePose.degrees)
    pitch = Float(arcTangent(FacePose.frontalNose - below, FacePose.noseHeight) * FacePose.degrees)
    roll = Float(arcTangent(across.y, across.x) * FacePose.degrees)
  }

  /// How far the nose stands out of the plane of eyes and mouth, by the distance of the eyes.
  private static let noseDepth = 0.45
  /// The same by the distance from the eyes to the mouth.
  private static let noseHeight = 0.4
  /// Where the nose of a frontal face is on the way from the eyes to the mouth: the mean of the faces in dev_loose.
  private static let frontalNose = 0.55
  private static let degrees = 57.295_779_513_082_32
}

/// The angle of (x, y) from the x axis, in radians, −π…π: an error below 2·10⁻⁵, and the same bits everywhere. Of (0, 0)
/// it is 0.
///
/// Abramowitz and Stegun, "Handbook of Mathematical Functions", 4.4.49's form with coefficients for −1…1.
func arcTangent(_ y: Double, _ x: Double) -> Double {
  let (width, height) = (abs(x), abs(y))
  guard max(width, height) > 0 else { return 0 }
  let z = min(width, height) / max(width, height)
  let square = z * z
  var angle = -0.011_721_20
  for coefficient in [0.052_653_32, -0.116_432_87, 0.193_543_46, -0.332_623_47, 0.999_977_26] {
    angle = angle * square + coefficient
  }
  angle *= z
  if height > width { angle = .pi / 2 - angle }
  if x < 0 { angle = .pi - angle }
  return y < 0 ? -angle : angle
}
