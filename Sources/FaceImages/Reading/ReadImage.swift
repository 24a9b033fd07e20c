public import FaceqSupport

/// What a picture may cost: both are checked before memory is allocated for it.
public struct ImageLimits: Sendable, Equatable {
  /// How many pixels may be held in memory at once. A JPEG that is decoded at a reduced size may have up to 64 times as many.
  public var maximumPixels: Int
  public var maximumFileBytes: Int

  public init(maximumPixels: Int = 64_000_000, maximumFileBytes: Int = 256 << 20) {
    self.maximumPixels = maximumPixels
    self.maximumFileBytes = maximumFileBytes
  }

  public static let `default` = ImageLimits()
}

/// The picture in a JPEG or PNG file; which of the two it is, its first bytes decide.
///
/// JPEG: baseline and progressive; grey, colour, CMYK and YCCK (stored inverted, as Adobe writes them, and converted by
/// `channel · black / 255`). PNG: every kind, 16 bits rounded to 8, what is transparent blended with white in linear
/// light. Both are turned upright by their EXIF orientation. Colour profiles are not applied, but for a PNG's own gamma.
/// - Parameter smallestSide: a JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as neither side gets smaller
///   than this; nil decodes it in full.
/// - Throws: one sentence that names the file: missing, empty, neither JPEG nor PNG, damaged, cut short, or over a
///   limit. A picture of which the codec has to make up pixels counts as damaged (`JPEGWarnings`).
public func readImage(
  path: FilePath, limits: ImageLimits = .default, atLeast smallestSide: Int? = nil
) throws(FaceqError) -> RGBImage {
  try readPhoto(path: path, limits: limits, atLeast: smallestSide).image
}

/// A picture and how much smaller than its file says it was decoded.
public struct Photo: Sendable {
  public var image: RGBImage
  /// By how much both sides were divided: 1, 2, 4 or 8.
  public var reduction: Int
  /// What the codec found odd in the file, in its own words, although it could decode every pixel.
  package var oddities: [String]

  /// The place in the file's own pixels of a place in `image`.
  public func original(_ point: Point) -> Point {
    let factor = Float(reduction)
    return Point(x: (point.x + 0.5) * factor - 0.5, y: (point.y + 0.5) * factor - 0.5)
  }
}

/// Reads a picture as `readImage` does, and tells how far it was reduced and what was odd in its file.
public func readPhoto(
  path: FilePath, limits: ImageLimits = .default, atLeast smallestSide: Int? = nil
) throws(FaceqError) -> Photo {
  let file = try MappedFile(path: path)
  return try withExtendedLifetime(file) { () throws(FaceqError) -> Photo in
    try decodePhoto(file.bytes, path: path, limits: limits, atLeast: smallestSide)
  }
}

/// As `readPhoto`, of a file's bytes.
///
/// - Parameter path: what errors call it.
package func decodePhoto(
  _ bytes: UnsafeRawBufferPointer, path: FilePath, limits: ImageLimits = .default, atLeast smallestSide: Int? = nil
) throws(FaceqError) -> Photo {
  guard bytes.count <= limits.maximumFileBytes else {
    throw FaceqError(
      "cannot read \(path): it has \(bytes.count) bytes, more than the \(limits.maximumFileBytes) that are allowed; "
        + "save it smaller")
  }
  switch ImageFormat(bytes) {
  case .jpeg: return try decodeJPEG(bytes, path: path, limits: limits, atLeast: smallestSide)
  case .png: return try decodePNG(bytes, path: path, limits: limits)
  case nil:
    let kind = otherFormat(bytes).map { "it is \($0), and neither a JPEG nor a PNG image" }
    throw FaceqError(
      "cannot read \(path): \(kind ?? "it is neither a JPEG nor a PNG image"); convert it to one of them")
  }
}

/// The two formats that are read, told apart by their signatures.
enum ImageFormat {
  case jpeg, png

  init?(_ bytes: UnsafeRawBufferPointer) {
    if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else {
      return nil
    }
  }
}

extension ImageLimits {
  package func check(width: Int, height: Int, path: FilePath) throws(FaceqError) {
    guard width * height <= maximumPixels else {
      throw FaceqError(
        "cannot read \(path): it has \(width) × \(height) pixels, more than the \(maximumPixels) that are allowed; "
          + "save it smaller")
    }
    // The picture as it is stored, and upright.
    try checkMemory(2 * width * height * 3)
  }
}
