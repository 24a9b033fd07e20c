internal import CSystem

/// The form of the pictures that a camera gives.
struct CameraFormat: Equatable {
  enum Pixels { case jpeg, yuyv }

  /// Four letters, the first in the lowest byte.
  let code: UInt32
  let pixels: Pixels
  let width: Int
  let height: Int
  let rowBytes: Int

  /// Nil where the driver answers with another form, or no pixels.
  init?(_ format: video_format) {
    code = format.pixel_format
    width = Int(format.width)
    height = Int(format.height)
    rowBytes = max(Int(format.row_bytes), 2 * width)
    switch format.pixel_format {
    case video_mjpg, video_jpeg: pixels = .jpeg
    case video_yuyv where width % 2 == 0: pixels = .yuyv
    default: return nil
    }
    guard (1...16384).contains(width), (1...16384).contains(height) else { return nil }
  }

  var name: String { Self.name(code) }

  /// Four letters, a question mark for what is none.
  static func name(_ code: UInt32) -> String {
    let bytes = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: code >> $0) }
    return String(decoding: bytes.map { (0x21...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}
