import FaceImages
import FaceqSupport
import Foundation
import TestSupport

/// The committed test images: a gradient of 24 × 16 pixels, `gradient(x:y:)`, in many encodings.
func testImage(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Images/\(name)").path
}

func gradient(x: Int, y: Int) -> [Int] { [x * 10, y * 15, (x + y) * 6] }

extension TemporaryFolder {
  /// Writes a file, with the folders that lead to it, and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let folder = URL(fileURLWithPath: self(name)).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try file(name, bytes)
  }
}

func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

extension RGBImage {
  subscript(x: Int, y: Int) -> [Int] {
    let pixel = 3 * (y * width + x)
    return pixels[pixel..<pixel + 3].map(Int.init)
  }

  /// The largest difference of any channel from what `expected` says of (x, y).
  func largestDifference(from expected: (Int, Int) -> [Int]) -> Int {
    var largest = 0
    for y in 0..<height {
      for x in 0..<width {
        for (value, wanted) in zip(self[x, y], expected(x, y)) { largest = max(largest, abs(value - wanted)) }
      }
    }
    return largest
  }

  /// Every channel of every pixel by its position, without any smoothness: `(37x + 91y + 53c + 7xy) mod 256`.
  static func pattern(width: Int, height: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 { pixels.append(UInt8((x * 37 + y * 91 + channel * 53 + x * y * 7) % 256)) }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}

/// The message of the error that `body` throws, or nil.
func failure<T>(_ body: () throws(FaceqError) -> T) -> String? {
  do {
    _ = try body()
    return nil
  } catch { return error.message }
}

/// The CRC-32 that a PNG chunk ends with, big-endian.
func crc32(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  var remainder: UInt32 = ~0
  for byte in bytes {
    remainder ^= UInt32(byte)
    for _ in 0..<8 { remainder = remainder & 1 == 1 ? 0xedb8_8320 ^ remainder >> 1 : remainder >> 1 }
  }
  return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: ~remainder >> $0) }
}
