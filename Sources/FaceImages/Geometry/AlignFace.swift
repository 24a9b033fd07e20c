public import FaceqSupport

/// The face with these landmarks, turned, scaled and shifted so that they lie on `FaceTemplate.arcFace112`.
///
/// Bilinear; what lies outside of `image` is black, as in OpenCV's `warpAffine` with its default border.
/// - Parameters:
///   - origin: where `image` begins in the picture that it is a part of. Every part that shows the face gives the same
///     bytes.
///   - landmarks: left eye, right eye, nose, left and right corner of the mouth (left in the picture), in pixels of the
///     picture.
///   - size: width and height of the result, positive; the template is scaled to it.
///   - variation: a change on top of that.
/// - Throws: where there are not five landmarks, or they coincide.
public func alignFace(
  _ image: RGBImage, at origin: (left: Int, top: Int) = (0, 0), landmarks: [Point], size: Int = 112,
  variation: FaceVariation? = nil
) throws(FaceqError) -> RGBImage {
  let scale = Float(size) / 112
  let template = FaceTemplate.arcFace112.map { Point(x: $0.x * scale, y: $0.y * scale) }
  guard let transform = SimilarityTransform.leastSquares(from: landmarks, to: template) else {
    throw FaceqError("cannot align a face: five landmarks are needed that do not coincide")
  }
  guard let variation else { return image.warped(by: transform, at: origin, width: size, height: size) }
  let varied = image.warped(by: variation.changed(transform, size: size), at: origin, width: size, height: size)
    .brightened(variation.brightness)
  return variation.mirrored ? varied.mirrored() : varied
}

extension RGBImage {
  /// The picture whose pixel `transform(p)` shows `p` of the one that this is a part of; bilinear between pixels, black
  /// outside.
  ///
  /// - Parameter origin: where this part begins.
  package func warped(
    by transform: SimilarityTransform, at origin: (left: Int, top: Int) = (0, 0), width: Int, height: Int
  ) -> RGBImage {
    let inverse = transform.inverse
    // Subtracted from places, which is exact, and not from landmarks: all parts have the same places between pixels.
    let (left, top) = (Double(origin.left), Double(origin.top))
    let warped = [UInt8](unsafeUninitializedCapacity: height * width * 3) { warped, count in
      pixels.withUnsafeBufferPointer { pixels in
        for row in 0..<height {
          for column in 0..<width {
            let x = inverse.a * Double(column) - inverse.b * Double(row) + inverse.shiftX
            let y = inverse.b * Double(column) + inverse.a * Double(row) + inverse.shiftY
            interpolate(pixels, x: x - left, y: y - top) { warped[count + $0] = $1 }
            count += 3
          }
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: warped)
  }

  /// Calls `store` with each channel and its value at a place between `pixels`, which are this picture's.
  private func interpolate(
    _ pixels: UnsafeBufferPointer<UInt8>, x: Double, y: Double, store: (_ channel: Int, _ value: UInt8) -> Void
  ) {
    guard x > -1, x < Double(width), y > -1, y < Double(height) else {
      for channel in 0..<3 { store(channel, 0) }
      return
    }
    // Rounded down by hand: processors of 2008 have no instruction for it, and a function takes longer than all the rest.
    let (column, row) = (x < 0 ? -1 : Int(x), y < 0 ? -1 : Int(y))
    let (right, below) = (Float(x - Double(column)), Float(y - Double(row)))
    func blend(_ values: (UInt8, UInt8, UInt8, UInt8)) -> UInt8 {
      let upper = Float(values.0) * (1 - right) + Float(values.1) * right
      let lower = Float(values.2) * (1 - right) + Float(values.3) * right
      let value = upper * (1 - below) + lower * below
      let whole = Int32(value)
      return UInt8(value - Float(whole) >= 0.5 ? whole + 1 : whole)
    }
    if column >= 0, column + 1 < width, row >= 0, row + 1 < height {
      let upper = 3 * (row * width + column)
      let lower = upper + 3 * width
      for channel in 0..<3 {
        let (above, under) = (upper + channel, lower + channel)
        store(channel, blend((pixels[above], pixels[above + 3], pixels[under], pixels[under + 3])))
      }
    } else {
      func value(_ column: Int, _ row: Int, _ channel: Int) -> UInt8 {
        guard column >= 0, column < width, row >= 0, row < height else { return 0 }
        return pixels[3 * (row * width + column) + channel]
      }
      for channel in 0..<3 {
        store(
          channel,
          blend(
            (
              value(column, row, channel), value(column + 1, row, channel), value(column, row + 1, channel),
              value(column + 1, row + 1, channel)
            )))
      }
    }
  }
}
