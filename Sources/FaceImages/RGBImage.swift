/// A picture with 8 bits per channel, at least one pixel wide and high.
public struct RGBImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// [row][column][red, green, blue], row-major from the top left, 0…255, sRGB as stored in the file.
  public let pixels: [UInt8]

  /// `pixels` must hold `height · width · 3` bytes; `width` and `height` must be positive.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0 && pixels.count == height * width * 3, "[height][width][3] bytes are needed")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The picture with left and right exchanged.
  public func mirrored() -> RGBImage { turned(to: .mirrored) }

  /// A part of the picture, not empty.
  package func part(rows: Range<Int>, columns: Range<Int>) -> RGBImage {
    var part: [UInt8] = []
    part.reserveCapacity(rows.count * columns.count * 3)
    for row in rows {
      part += pixels[3 * (row * width + columns.lowerBound)..<3 * (row * width + columns.upperBound)]
    }
    return RGBImage(width: columns.count, height: rows.count, pixels: part)
  }
}
