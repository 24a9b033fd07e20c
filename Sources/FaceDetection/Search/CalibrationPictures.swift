package import FaceImages

/// What a detector is calibrated on: a photo at many sizes, so that its faces stand for larger and smaller ones, in pictures
/// of one size.
package struct CalibrationPictures: Sendable {
  /// The pictures' sides in pixels.
  package static let side = 320
  /// The longer side in pixels up to which a photo as it is searched is also seen enlarged to twice the size.
  static let longestEnlarged = 640
  /// Of one photo at one size: large photos take no more time than small ones, and do not outweigh them.
  static let mostParts = 12
  /// The longer sides in pixels of the copies in a mosaic, from the top; together they fill it.
  package static let mosaicSides = [160, 80, 48, 32]

  private let family: DetectorFamily
  private let alignment: Int

  package init(_ form: DetectorForm) {
    self.init(family: form.family, alignment: form.alignment)
  }

  package init(family: DetectorFamily, alignment: Int) {
    self.family = family
    self.alignment = alignment
  }

  /// RGB [row][column][3] each; what no part of the photo covers is black.
  package func pictures(of photo: RGBImage) -> [[UInt8]] {
    let level = SearchPlan(width: photo.width, height: photo.height, family: family, alignment: alignment).levels[0]
    let searched = max(level.width, level.height)
    var sizes = searched <= Self.longestEnlarged ? [2 * searched, searched] : [searched]
    while let half = sizes.last.map({ $0 / 2 }), half > Self.side { sizes.append(half) }
    // The largest faces are seen as a whole in the whole photo only.
    if searched > Self.side { sizes.append(Self.side) }
    var pictures: [[UInt8]] = []
    for longer in sizes {
      pictures += parts(
        of: photo, width: max(level.width * longer / searched, 1), height: max(level.height * longer / searched, 1))
    }
    return pictures + [mosaic(of: photo)]
  }

  /// Pictures of the photo at a size, spread evenly where it would take more than `mostParts` to cover it.
  private func parts(of photo: RGBImage, width: Int, height: Int) -> [[UInt8]] {
    let side = Self.side
    let corners = Self.starts(height).flatMap { top in Self.starts(width).map { (left: $0, top: top) } }
    let count = min(corners.count, Self.mostParts)
    return (0..<count).map { index in
      let (left, top) = corners[(2 * index + 1) * corners.count / (2 * count)]
      return photo.part(
        scaledWidth: width, scaledHeight: height, columns: left..<min(left + side, width),
        rows: top..<min(top + side, height), paddedWidth: side, paddedHeight: side
      ).pixels
    }
  }

  /// Rows of small copies of the whole photo, every second one mirrored.
  private func mosaic(of photo: RGBImage) -> [UInt8] {
    let side = Self.side
    let longer = max(photo.width, photo.height)
    var mosaic: [UInt8] = []
    mosaic.reserveCapacity(side * side * 3)
    for size in Self.mosaicSides {
      let (width, height) = (max(photo.width * size / longer, 1), max(photo.height * size / longer, 1))
      let copy = photo.part(
        scaledWidth: width, scaledHeight: height, columns: 0..<width, rows: 0..<height, paddedWidth: width,
        paddedHeight: size)
      let copies = side / width
      for row in 0..<size {
        for column in 0..<copies * width {
          let (number, within) = column.quotientAndRemainder(dividingBy: width)
          let pixel = 3 * (row * width + (number.isMultiple(of: 2) ? within : width - 1 - within))
          mosaic += copy.pixels[pixel..<pixel + 3]
        }
        mosaic += repeatElement(0, count: 3 * (side - copies * width))
      }
    }
    return mosaic
  }

  /// Where parts begin that cover `count` pixels.
  private static func starts(_ count: Int) -> [Int] {
    let number = (count + side - 1) / side
    guard number > 1 else { return [0] }
    return (0..<number).map { $0 * (count - side) / (number - 1) }
  }
}
