package import FaceqSupport

extension CascadeDetector {
  /// What the last network gives the part of `image` in `box`, turned by 180°, 0…1.
  package func turnedScore(of box: FaceBox, in image: RGBImage) throws(FaceqError) -> Float {
    let candidate = CandidateBox(
      left: box.left + 1, top: box.top + 1, right: box.right + 1, bottom: box.bottom + 1, score: 0)
    guard let (rows, columns) = candidate.squared().covered(width: image.width, height: image.height) else { return 0 }
    let part = image.part(rows: rows, columns: columns).turned(to: .upsideDown)
    return try outputScore(
      NetworkInput(part, rows: 0..<part.height, columns: 0..<part.width, width: 48, height: 48))
  }
}

extension [DetectedFace] {
  package var largest: DetectedFace? { self.max { $0.area < $1.area } }
}
