internal import FaceImages
internal import SIMDKernels

/// YuNet (Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023): one face a cell, whose score is the
/// geometric mean of two probabilities.
enum YuNet {
  /// The faces that one stride's outputs mean, by rows and columns, in pixels of the picture that was searched.
  /// - Parameters:
  ///   - classes: One channel, behind the sigmoid: this is a face.
  ///   - objects: One channel, behind the sigmoid: something is here.
  ///   - boxes: Four channels: the centre's x and y from the cell, and the logarithms of width and height, in strides.
  ///   - points: Ten channels: x and y of five points from the cell, in strides.
  ///   - threshold: Fainter faces are left out, 0…1.
  static func faces(
    classes: DetectorOutput, objects: DetectorOutput, boxes: DetectorOutput, points: DetectorOutput,
    threshold: Float
  ) -> [DetectedFace] {
    let stride = Float(classes.stride)
    var faces: [DetectedFace] = []
    for cell in 0..<classes.cells {
      let (isFace, isObject) = (classes[cell, 0], objects[cell, 0])
      // NaN is not above 0.
      guard isFace > 0, isObject > 0 else { continue }
      let square = min(isFace, 1) * min(isObject, 1)
      guard square >= threshold * threshold else { continue }
      let (row, column) = (Float(cell / classes.columns), Float(cell % classes.columns))
      let (x, y) = ((column + boxes[cell, 0]) * stride, (row + boxes[cell, 1]) * stride)
      guard !boxes[cell, 2].isNaN, !boxes[cell, 3].isNaN else { continue }
      let halfWidth = exponential(boxes[cell, 2]) * stride * 0.5
      let halfHeight = exponential(boxes[cell, 3]) * stride * 0.5
      guard
        var face = DetectedFace(
          checking: FaceBox(left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight),
          score: square.squareRoot(),
          landmarks: (0..<5).map {
            Point(x: (points[cell, 2 * $0] + column) * stride, y: (points[cell, 2 * $0 + 1] + row) * stride)
          })
      else { continue }
      face.cell = cell
      faces.append(face)
    }
    return faces
  }
}
