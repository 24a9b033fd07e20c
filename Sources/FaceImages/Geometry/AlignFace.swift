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
            let colour = interpolated(pixels, x: x - left, y: y - top)
            for channel in 0..<3 { warped[count + channel] = colour[channel] }
            count += 3
          }
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: warped)
  }

  /// The three channels at a place between `pixels`, which are this picture's.
  @inline(__always)
  private func interpolated(_ pixels: UnsafeBufferPointer<UInt8>, x: Double, y: Double) -> SIMD4<UInt8> {
    guard x > -1, x < Double(width), y > -1, y < Double(height) else { return SIMD4() }
    // Rounded down by hand: processors of 2008 have no instruction for it, and a function takes longer than all the rest.
    let (column, row) = (x < 0 ? -1 : Int(x), y < 0 ? -1 : Int(y))
    let (right, below) = (Float(x - Double(column)), Float(y - Double(row)))
    let isInside = column >= 0 && column + 1 < width && row >= 0 && row + 1 < height
    @inline(__always) func colour(_ column: Int, _ row: Int) -> SIMD4<Float> {
      guard isInside || (column >= 0 && column < width && row >= 0 && row < height) else { return SIMD4() }
      let first = 3 &* (row &* width &+ column)
      return SIMD4(Float(pixels[first]), Float(pixels[first &+ 1]), Float(pixels[first &+ 2]), 0)
    }
    let upper = colour(column, row) * (1 - right) + colour(column + 1, row) * right
    let lower = colour(column, row + 1) * (1 - right) + colour(column + 1, row + 1) * right
    let value = upper * (1 - below) + lower * below
    // Rounded half up without a branch or a conversion that is checked: floats from 2²³ on are whole, their last bits the
    // number, and the sum is rounded half to even, which is mended.
    let (least, half) = (SIMD4<Float>(repeating: 0x1p23), SIMD4<Float>(repeating: 0.5))
    let even = (value + least) - least
    let rounded = even.replacing(with: even + 1, where: value - even .>= half)
    let sum = rounded + least
    func byte(_ value: Float) -> UInt8 { UInt8(truncatingIfNeeded: value.bitPattern) }
    return SIMD4(byte(sum.x), byte(sum.y), byte(sum.z), 0)
  }
}
