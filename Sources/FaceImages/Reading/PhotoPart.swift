package import FaceqSupport

/// Decoded pixels of a photo: of all or a part of it, at its full size or a smaller one.
public struct PhotoPart: Sendable {
  public let image: RGBImage
  /// In pixels of the photo: where the image begins. May lie outside of the photo by less than `reduction`.
  package let left: Int
  package let top: Int
  /// By how much both sides were divided: 1, 2, 4 or 8.
  public let reduction: Int
  /// What the codec found odd in the file, in its own words, although it could decode every pixel.
  package let oddities: [String]

  /// The place in the photo of a place in `image`.
  public func original(_ point: Point) -> Point {
    func place(_ value: Float, _ origin: Int) -> Float {
      let enlarged = reduction == 1 ? value : (value + 0.5) * Float(reduction) - 0.5
      return enlarged + Float(origin)
    }
    return Point(x: place(point.x, left), y: place(point.y, top))
  }

  /// The place in `image` of a place in the photo.
  public func shown(_ point: Point) -> Point {
    func place(_ value: Float, _ origin: Int) -> Float {
      let inside = value - Float(origin)
      return reduction == 1 ? inside : (inside + 0.5) / Float(reduction) - 0.5
    }
    return Point(x: place(point.x, left), y: place(point.y, top))
  }

  /// The face in the photo of one in `image`.
  package func original(_ face: DetectedFace) -> DetectedFace { face.moved { original($0) } }

  /// The face in `image` of one in the photo.
  package func shown(_ face: DetectedFace) -> DetectedFace { face.moved { shown($0) } }

  /// How well a face of the photo was taken, by these pixels of it; nil where its landmarks coincide.
  package func quality(of face: DetectedFace) -> FaceQuality? {
    let placed = place(face.landmarks)
    return FaceQuality(of: image, at: placed.origin, landmarks: placed.landmarks)
  }

  /// A face of the photo, cut from these pixels: the same bytes from every part in full that shows it.
  ///
  /// - Throws: as `alignFace`.
  package func aligned(
    _ landmarks: [Point], size: Int = 112, variation: FaceVariation? = nil
  ) throws(FaceqError) -> RGBImage {
    let placed = place(landmarks)
    return try alignFace(
      image, at: placed.origin, landmarks: placed.landmarks, size: size, variation: variation)
  }

  /// Where `image` begins and where the photo's landmarks are, in pixels of its size.
  private func place(_ landmarks: [Point]) -> (origin: (left: Int, top: Int), landmarks: [Point]) {
    if reduction == 1 { return ((left, top), landmarks) }
    return ((0, 0), landmarks.map { shown($0) })
  }
}

extension DetectedFace {
  fileprivate func moved(_ place: (Point) -> Point) -> DetectedFace {
    let first = place(Point(x: box.left, y: box.top))
    let last = place(Point(x: box.right, y: box.bottom))
    var moved = self
    moved.box = FaceBox(left: first.x, top: first.y, right: last.x, bottom: last.y)
    moved.landmarks = landmarks.map(place)
    return moved
  }
}
