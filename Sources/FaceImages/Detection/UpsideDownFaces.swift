package import FaceqSupport

extension CascadeDetector {
  /// The faces in a photo that may be upside down, best score first, in pixels of `image`.
  ///
  /// MTCNN finds faces that are upside down, too, with landmarks in wrong places. Where the largest face looks more like
  /// one when it is turned by 180°, the faces of the turned photo are returned (`DetectedFace.isUpsideDown`).
  /// - Parameter searchesAgain: turns the photo also where no face is found, which takes a second search.
  package func facesEitherWayUp(
    in image: RGBImage, settings: DetectionSettings, searchesAgain: Bool
  ) throws(FaceqError) -> [DetectedFace] {
    let upright = try faces(in: image, settings: settings)
    if let largest = upright.largest {
      guard try turnedScore(of: largest.box, in: image) > largest.score else { return upright }
    } else if !searchesAgain {
      return []
    }
    let turned = try faces(in: image.turned(to: .upsideDown), settings: settings)
    guard let best = turned.largest, best.score > upright.largest?.score ?? 0 else { return upright }
    return turned.map { $0.turned(width: image.width, height: image.height) }
  }

  /// What the last network gives the part of `image` in `box`, turned by 180°, 0…1.
  private func turnedScore(of box: FaceBox, in image: RGBImage) throws(FaceqError) -> Float {
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

extension RGBImage {
  fileprivate func part(rows: Range<Int>, columns: Range<Int>) -> RGBImage {
    var part: [UInt8] = []
    part.reserveCapacity(rows.count * columns.count * 3)
    for row in rows {
      part += pixels[3 * (row * width + columns.lowerBound)..<3 * (row * width + columns.upperBound)]
    }
    return RGBImage(width: columns.count, height: rows.count, pixels: part)
  }
}
