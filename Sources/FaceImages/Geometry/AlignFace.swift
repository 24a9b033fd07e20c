public import FaceqSupport

/// The face with these landmarks, turned, scaled and shifted so that they lie on `FaceTemplate.arcFace112`.
///
/// Bilinear; what lies outside of `image` is black, as in OpenCV's `warpAffine` with its default border.
/// - Parameters:
///   - landmarks: left eye, right eye, nose, left and right corner of the mouth (left in the picture), in pixels of
///     `image`.
///   - size: width and height of the result, positive; the template is scaled to it.
///   - variation: a change on top of that.
/// - Throws: where there are not five landmarks, or they coincide.
public func alignFace(
  _ image: RGBImage, landmarks: [Point], size: Int = 112, variation: FaceVariation? = nil
) throws(FaceqError) -> RGBImage {
  let scale = Float(size) / 112
  let template = FaceTemplate.arcFace112.map { Point(x: $0.x * scale, y: $0.y * scale) }
  guard let transform = SimilarityTransform.leastSquares(from: landmarks, to: template) else {
    throw FaceqError("cannot align a face: five landmarks are needed that do not coincide")
  }
  guard let variation else { return image.warped(by: transform, width: size, height: size) }
  let varied = image.warped(by: variation.changed(transform, size: size), width: size, height: size)
    .brightened(variation.brightness)
  return variation.mirrored ? varied.mirrored() : varied
}

extension RGBImage {
  /// The picture whose pixel `transform(p)` shows this one's `p`; bilinear between pixels, black outside.
  package func warped(by transform: SimilarityTransform, width: Int, height: Int) -> RGBImage {
    let inverse = transform.inverse
    var warped: [UInt8] = []
    warped.reserveCapacity(height * width * 3)
    for row in 0..<height {
      for column in 0..<width {
        let x = inverse.a * Double(column) - inverse.b * Double(row) + inverse.shiftX
        let y = inverse.b * Double(column) + inverse.a * Double(row) + inverse.shiftY
        let colour = interpolated(x: x, y: y)
        for channel in 0..<3 { warped.append(UInt8(colour[channel].rounded())) }
      }
    }
    return RGBImage(width: width, height: height, pixels: warped)
  }

  private func interpolated(x: Double, y: Double) -> SIMD3<Float> {
    guard x > -1, x < Double(self.width), y > -1, y < Double(self.height) else { return .zero }
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (right, below) = (Float(x - left), Float(y - top))
    let (column, row) = (Int(left), Int(top))
    let upper = colour(column, row) * (1 - right) + colour(column + 1, row) * right
    let lower = colour(column, row + 1) * (1 - right) + colour(column + 1, row + 1) * right
    return upper * (1 - below) + lower * below
  }

  private func colour(_ column: Int, _ row: Int) -> SIMD3<Float> {
    guard column >= 0, column < width, row >= 0, row < height else { return .zero }
    let pixel = 3 * (row * width + column)
    return SIMD3(Float(pixels[pixel]), Float(pixels[pixel + 1]), Float(pixels[pixel + 2]))
  }
}
