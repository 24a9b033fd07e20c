internal import FaceImages
internal import FaceqSupport

/// What a source gives as one frame.
package enum FramePicture: Sendable {
  /// The bytes of a JPEG or PNG file, not decoded yet.
  case file([UInt8])
  /// Pixels as a camera gives them, not converted yet.
  case yuyv(YUYVPicture)

  /// - Parameter name: what errors call the picture.
  /// - Throws: where the file is none, or has too many pixels.
  func photo(name: FilePath) throws(FaceqError) -> Photo {
    switch self {
    case .yuyv(let picture): return Photo(picture.image(), name: name)
    case .file(let bytes):
      let photo = try bytes.withUnsafeBufferPointer { (bytes) throws(FaceqError) in
        try Photo(copying: UnsafeRawBufferPointer(bytes), name: name)
      }
      // A camera's frame is worked on several times a second, so that what a photo may have is too much here.
      let most = 16384
      guard photo.width <= most, photo.height <= most, photo.width * photo.height <= 1 << 26 else {
        throw FaceqError(
          "\(name) has \(photo.width) × \(photo.height) pixels, more than a watch can take; let the source send smaller "
            + "frames")
      }
      return photo
    }
  }

  /// The picture as a JPEG file: its own bytes, or encoded now.
  func jpeg(name: FilePath) throws(FaceqError) -> [UInt8] {
    switch self {
    case .file(let bytes) where bytes.starts(with: [0xff, 0xd8]): bytes
    default: try encodeJPEG(try photo(name: name).whole().image, quality: 85)
    }
  }
}
