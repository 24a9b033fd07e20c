internal import FaceImages
internal import SIMDKernels

/// CenterFace (Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019): a map of the
/// faces' centres.
enum CenterFace {
  /// The faces that the outputs mean, by rows and columns, in pixels of the picture that was searched.
  /// - Parameters:
  ///   - centres: One channel, behind the sigmoid.
  ///   - sizes: Two channels: the logarithms of height and width, in strides.
  ///   - offsets: Two channels: y and x of the centre from the cell's, in strides.
  ///   - points: Ten channels: y and x of five points from the box's corner, in heights and widths of the box.
  ///   - threshold: Fainter faces are left out, 0…1.
  static func faces(
    centres: DetectorOutput, sizes: DetectorOutput, offsets: DetectorOutput, points: DetectorOutput,
    threshold: Float
  ) -> [DetectedFace] {
    let stride = Float(centres.stride)
    var faces: [DetectedFace] = []
    for cell in 0..<centres.cells {
      let score = centres[cell, 0]
      // NaN is not at least anything.
      guard score >= threshold, !sizes[cell, 0].isNaN, !sizes[cell, 1].isNaN else { continue }
      let height = exponential(sizes[cell, 0]) * stride
      let width = exponential(sizes[cell, 1]) * stride
      let y = (Float(cell / centres.columns) + 0.5 + offsets[cell, 0]) * stride
      let x = (Float(cell % centres.columns) + 0.5 + offsets[cell, 1]) * stride
      let (left, top) = (x - width * 0.5, y - height * 0.5)
      guard
        var face = DetectedFace(
          checking: FaceBox(left: left, top: top, right: left + width, bottom: top + height), score: min(score, 1),
          landmarks: (0..<5).map {
            Point(x: points[cell, 2 * $0 + 1] * width + left, y: points[cell, 2 * $0] * height + top)
          })
      else { continue }
      face.cell = cell
      faces.append(face)
    }
    return faces
  }
}
