package import FaceImages

/// What a detector is calibrated on: parts of a photo as it is searched, and the photo as a whole, in pictures of one
/// size.
package struct CalibrationPictures: Sendable {
  /// The pictures' sides in pixels.
  package static let side = 320

  private let family: DetectorFamily
  private let alignment: Int

  package init(_ form: DetectorForm) {
    family = form.family
    alignment = form.alignment
  }

  /// RGB [row][column][3] each; what is beside a photo that is smaller is black.
  package func pictures(of photo: RGBImage) -> [[UInt8]] {
    let plan = SearchPlan(width: photo.width, height: photo.height, family: family, alignment: alignment)
    let (width, height) = (plan.levels[0].width, plan.levels[0].height)
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
    // Large faces are seen as a whole in the whole photo only.
    if max(width, height) > side {
      let scale = Double(side) / Double(max(width, height))
      let (columns, rows) = (max(Int(Double(width) * scale), 1), max(Int(Double(height) * scale), 1))
      pictures.append(
        photo.part(
          scaledWidth: columns, scaledHeight: rows, columns: 0..<columns, rows: 0..<rows, paddedWidth: side,
          paddedHeight: side
        ).pixels)
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
