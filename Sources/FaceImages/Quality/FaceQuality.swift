/// How well a face was taken, in numbers; `verdict` says what they mean for recognising it.
package struct FaceQuality: Sendable, Equatable {
  /// In pixels of the photo.
  package var eyeDistance: Float
  /// How much of the aligned face's structure is fine: about 0.06 where it is smooth, 0.17 where it is sharp.
  package var sharpness: Float
  /// Mean of the aligned face's luma, 0…255.
  package var brightness: Float
  /// Standard deviation of the aligned face's luma.
  package var contrast: Float
  /// The part of the aligned face that is black or white, 0…1.
  package var clipped: Float
  /// The part of the aligned picture that lies outside of the photo, 0…1.
  package var missing: Float
  package var pose: FacePose

  /// - Parameters:
  ///   - part: what is known of the photo.
  ///   - origin: where `part` begins in the photo.
  ///   - landmarks: Left eye, right eye, nose, left and right corner of the mouth (left in the picture), in pixels of the
  ///     photo.
  /// - Returns: Nil when there are not five landmarks, or they coincide.
  package init?(of part: RGBImage, at origin: (left: Int, top: Int) = (0, 0), landmarks: [Point]) {
    guard let pose = FacePose(landmarks: landmarks),
      let alignment = SimilarityTransform.leastSquares(from: landmarks, to: FaceTemplate.arcFace112)
    else { return nil }
    let side = FaceTexture.side
    let inverse = alignment.inverse
    func isOfPhoto(_ row: Int, _ column: Int) -> Bool {
      let place = inverse.applied(to: Point(x: Float(column), y: Float(row)))
      let (column, row) = (place.x - Float(origin.left), place.y - Float(origin.top))
      return column >= 0 && row >= 0 && column <= Float(part.width - 1) && row <= Float(part.height - 1)
    }
    // Where the corners are inside, all is: coordinates rise or fall along a row and along a column, rounded, too.
    let corners = [(0, 0), (0, side - 1), (side - 1, 0), (side - 1, side - 1)]
    let isInside =
      corners.allSatisfy { isOfPhoto($0.0, $0.1) }
      ? [Bool](repeating: true, count: side * side)
      : (0..<side * side).map { isOfPhoto($0 / side, $0 % side) }
    let texture = FaceTexture(part.warped(by: alignment, at: origin, width: side, height: side), isInside: isInside)
    let (across, down) = (landmarks[1].x - landmarks[0].x, landmarks[1].y - landmarks[0].y)
    eyeDistance = (across * across + down * down).squareRoot()
    sharpness = Float(texture.sharpness)
    brightness = Float(texture.brightness)
    contrast = Float(texture.contrast)
    clipped = Float(texture.clipped)
    missing = Float(isInside.count { !$0 }) / Float(side * side)
    self.pose = pose
  }
}
