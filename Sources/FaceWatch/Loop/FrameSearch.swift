internal import FaceDetection
internal import FaceImages
internal import FaceqSupport

/// Looks for faces in frames: in all of one, or around places where faces are expected.
struct FrameSearch {
  let detector: FaceDetector
  let settings: SearchSettings

  /// The side of what is searched around an expected face, in pixels as it is searched, and how much larger than the
  /// face it is: one is found of 51 pixels.
  private static let side = 128
  private static let surroundings: Float = 2.5

  /// Faces in all of a frame, in its pixels, and the pixels that they were found in.
  func whole(_ photo: Photo) throws(FaceqError) -> (faces: [DetectedFace], pixels: PhotoPart) {
    let searched = try detector.searched(photo, settings: settings)
    return (
      try detector.faces(in: searched, settings: settings, isUpright: true, searchesAgain: false), searched
    )
  }

  /// Whether it takes less to look around so many expected faces than in all of a frame.
  func isCheaper(around count: Int, of photo: Photo) -> Bool {
    let size = detector.searchedSize(width: photo.width, height: photo.height, settings: settings)
    return count * Self.side * Self.side * 2 < size.width * size.height
  }

  /// Faces around boxes of a frame, in its pixels, and the pixels that they were found in.
  ///
  /// - Parameter boxes: at least one.
  func around(
    _ boxes: [FaceBox], of photo: Photo
  ) throws(FaceqError) -> (faces: [DetectedFace], pixels: PhotoPart) {
    let squares = boxes.map { box in
      let (centre, half) = (box.centre, max(box.width, box.height, 8) * Self.surroundings / 2)
      return FaceBox(left: centre.x - half, top: centre.y - half, right: centre.x + half, bottom: centre.y + half)
    }
    let pixels = try photo.part(
      columns: Self.range(squares.map { $0.left }, squares.map { $0.right }, within: photo.width),
      rows: Self.range(squares.map { $0.top }, squares.map { $0.bottom }, within: photo.height))
    var found: [DetectedFace] = []
    for square in squares {
      let first = pixels.shown(Point(x: square.left, y: square.top))
      let last = pixels.shown(Point(x: square.right, y: square.bottom))
      let shown = FaceBox(left: first.x, top: first.y, right: last.x, bottom: last.y)
      found += try faces(in: shown, of: pixels.image).map { pixels.original($0) }
    }
    return (bestFaces(found, overlap: settings.overlap ?? 0.3), pixels)
  }

  /// Faces whose centres lie in the middle of a square, in pixels of `image`.
  private func faces(in square: FaceBox, of image: RGBImage) throws(FaceqError) -> [DetectedFace] {
    let scale = Float(Self.side) / max(square.width, 1)
    let width = max(Int((Float(image.width) * scale).rounded()), 1)
    let height = max(Int((Float(image.height) * scale).rounded()), 1)
    let (across, down) = (Float(width) / Float(image.width), Float(height) / Float(image.height))
    guard let columns = Self.section(square.left * across, within: width),
      let rows = Self.section(square.top * down, within: height)
    else { return [] }
    let part = image.part(
      scaledWidth: width, scaledHeight: height, columns: columns, rows: rows, paddedWidth: Self.side,
      paddedHeight: Self.side)
    var settings = settings
    settings.minimumFace = nil
    let middle = square.centre
    return try detector.faces(in: part, settings: settings).compactMap { face in
      func x(_ value: Float) -> Float { (value + Float(columns.lowerBound) + 0.5) / across - 0.5 }
      func y(_ value: Float) -> Float { (value + Float(rows.lowerBound) + 0.5) / down - 0.5 }
      let box = FaceBox(
        left: x(face.box.left), top: y(face.box.top), right: x(face.box.right), bottom: y(face.box.bottom))
      // Further out, a face goes on beyond the square.
      guard abs(box.centre.x - middle.x) < square.width / 4, abs(box.centre.y - middle.y) < square.height / 4 else {
        return nil
      }
      return DetectedFace(
        checking: box, score: face.score, landmarks: face.landmarks.map { Point(x: x($0.x), y: y($0.y)) })
    }
  }

  /// `side` pixels from `first` on, as far as there are so many; nil where there are none.
  private static func section(_ first: Float, within count: Int) -> Range<Int>? {
    let begin = Int(max(min(first, Float(count)), -Float(side)).rounded())
    let section = max(begin, 0)..<max(min(begin + side, count), max(begin, 0))
    return section.isEmpty ? nil : section
  }

  /// The whole pixels from the least of `firsts` to the greatest of `lasts`, as far as they are in 0..<`count`.
  private static func range(_ firsts: [Float], _ lasts: [Float], within count: Int) -> Range<Int> {
    let first = Int(min(max(firsts.min() ?? 0, 0), Float(count - 1)))
    let last = Int(min(max(lasts.max() ?? 0, Float(first)), Float(count - 1)))
    return first..<last + 1
  }
}
