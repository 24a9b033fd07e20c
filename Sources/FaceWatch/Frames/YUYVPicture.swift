package import FaceImages

/// A picture in which two pixels beside each other have four bytes: a luma of their own each, and two chromas in common.
package struct YUYVPicture: Sendable, Equatable {
  /// Even, positive.
  package let width: Int
  package let height: Int
  /// From one row to the next, at least `2 · width`.
  package let rowBytes: Int
  /// [row][pair][luma, blue difference, luma, red difference]: `rowBytes · height` bytes, of which the last row may lack
  /// what is behind its pixels.
  package let bytes: [UInt8]

  /// Nil where there are too few bytes, or no pixels.
  package init?(width: Int, height: Int, rowBytes: Int, bytes: [UInt8]) {
    guard width > 0, height > 0, width % 2 == 0, rowBytes >= 2 * width,
      bytes.count >= rowBytes * (height - 1) + 2 * width
    else { return nil }
    self.width = width
    self.height = height
    self.rowBytes = rowBytes
    self.bytes = bytes
  }

  /// As RGB by ITU-R BT.601 in its limited range: luma 16…235, chroma 16…240 around 128. In units of 1/65536, rounded.
  package func image() -> RGBImage {
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { pixels, count in
      bytes.withUnsafeBufferPointer { bytes in
        for row in 0..<height {
          for pair in stride(from: row * rowBytes, to: row * rowBytes + 2 * width, by: 4) {
            let blue = Int32(bytes[pair + 1]) - 128
            let red = Int32(bytes[pair + 3]) - 128
            let (addedRed, addedBlue) = (104_597 * red, 132_201 * blue)
            let takenGreen = 25_675 * blue + 53_279 * red
            for place in stride(from: pair, to: pair + 4, by: 2) {
              let grey = 76_309 * (Int32(bytes[place]) - 16) + 32_768
              pixels[count] = Self.clamped(grey + addedRed)
              pixels[count + 1] = Self.clamped(grey - takenGreen)
              pixels[count + 2] = Self.clamped(grey + addedBlue)
              count += 3
            }
          }
        }
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private static func clamped(_ value: Int32) -> UInt8 { UInt8(max(0, min(255, value >> 16))) }
}
