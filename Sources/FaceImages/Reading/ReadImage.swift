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

/// The whole picture in a JPEG or PNG file, in full, as `Photo` decodes it.
/// - Throws: one sentence that names the file: missing, empty, neither JPEG nor PNG, damaged, cut short, or over a
///   limit.
public func readImage(path: FilePath, limits: ImageLimits = .default) throws(FaceqError) -> RGBImage {
  try Photo(path: path, limits: limits).whole().image
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

func lackOfMemory(_ path: FilePath) -> FaceqError {
  FaceqError("there is no memory to read \(path); close something else, or use a smaller picture", .memory)
}

extension ImageLimits {
  /// Of a file.
  func check(bytes: Int, path: FilePath) throws(FaceqError) {
    guard bytes <= maximumFileBytes else {
      throw FaceqError(
        "cannot read \(path): it has \(bytes) bytes, more than the \(maximumFileBytes) that are allowed; save it smaller"
      )
    }
  }

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
