package import FaceImages

/// What a detector is calibrated on: parts of a photo as it is searched and enlarged, and the photo as a whole, in pictures
/// of one size.
package struct CalibrationPictures: Sendable {
  /// The pictures' sides in pixels.
  package static let side = 320
  /// Photos seldom show faces of all sizes: enlarged, they stand for others with larger ones.
  private static let enlargement = 2

  private let family: DetectorFamily
  private let alignment: Int

  package init(_ form: DetectorForm) {
    family = form.family
    alignment = form.alignment
  }

  /// RGB [row][column][3] each; what is beside a photo that is smaller is black.
  package func pictures(of photo: RGBImage) -> [[UInt8]] {
    let plan = SearchPlan(width: photo.width, height: photo.height, family: family, alignment: alignment)
    let level = plan.levels[0]
    let larger = Self.enlargement
    var pictures = parts(of: photo, width: level.width, height: level.height)
    pictures += parts(of: photo, width: level.width * larger, height: level.height * larger)
    // The largest faces are seen as a whole in the whole photo only.
    let longer = max(level.width, level.height)
    if longer > Self.side {
      let (width, height) = (level.width * Self.side / longer, level.height * Self.side / longer)
      pictures += parts(of: photo, width: max(width, 1), height: max(height, 1))
    }
    return pictures
  }

  /// Pictures that cover the photo at a size.
  private func parts(of photo: RGBImage, width: Int, height: Int) -> [[UInt8]] {
    let side = Self.side
    var pictures: [[UInt8]] = []
    for top in Self.starts(height) {
      for left in Self.starts(width) {
        let part = photo.part(
          scaledWidth: width, scaledHeight: height, columns: left..<min(left + side, width),
          rows: top..<min(top + side, height), paddedWidth: side, paddedHeight: side)
        pictures.append(part.pixels)
      }
    }
    return pictures
  }

  /// Where parts begin that cover `count` pixels.
  private static func starts(_ count: Int) -> [Int] {
    let number = (count + side - 1) / side
    guard number > 1 else { return [0] }
    return (0..<number).map { $0 * (count - side) / (number - 1) }
  }
}
