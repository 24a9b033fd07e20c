internal import FaceImages

/// SCRFD (Guo et al., "Sample and Computation Redistribution for Efficient Face Detection", 2021): one or more faces a
/// cell, whose sides are distances from the cell's corner.
enum SCRFD {
  /// The faces that one stride's outputs mean, by rows, columns and anchors, in pixels of the picture that was searched.
  /// - Parameters:
  ///   - scores: One channel for each anchor, behind the sigmoid.
  ///   - boxes: Four channels for each anchor: the distances to the left, to the top, to the right, to the bottom, in
  ///     strides.
  ///   - points: Ten channels for each anchor: x and y of five points from the cell, in strides; nil where the network
  ///     finds none.
  ///   - threshold: Fainter faces are left out, 0…1.
  static func faces(
    scores: DetectorOutput, boxes: DetectorOutput, points: DetectorOutput?, threshold: Float
  ) -> [DetectedFace] {
    let stride = Float(scores.stride)
    var faces: [DetectedFace] = []
    for cell in 0..<scores.cells {
      for anchor in 0..<scores.channels {
        let score = scores[cell, anchor]
        // NaN is not at least anything.
        guard score >= threshold else { continue }
        let x = Float(cell % scores.columns) * stride
        let y = Float(cell / scores.columns) * stride
        let box = FaceBox(
          left: x - boxes[cell, 4 * anchor] * stride, top: y - boxes[cell, 4 * anchor + 1] * stride,
          right: x + boxes[cell, 4 * anchor + 2] * stride, bottom: y + boxes[cell, 4 * anchor + 3] * stride)
        let landmarks = points.map { points in
          (0..<5).map { index in
            let channel = 10 * anchor + 2 * index
            return Point(x: x + points[cell, channel] * stride, y: y + points[cell, channel + 1] * stride)
          }
        }
        guard var face = DetectedFace(checking: box, score: min(score, 1), landmarks: landmarks ?? []) else { continue }
        face.cell = cell * scores.channels + anchor
        faces.append(face)
      }
    }
    return faces
  }
}
