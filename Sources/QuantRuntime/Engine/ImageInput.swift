/// The image that the next run of a program reads.
final class ImageSource {
  /// RGB [row][column][3]; nil between runs.
  var pixels: UnsafePointer<UInt8>?
  var mirrored = false
}

/// Turns RGB pixels into the first layer's input, in the channel order that the network was trained with.
///
/// int16: exactly `2·x − 255`, four channels of which the last is 0 (so that a kernel row is whole steps).
/// float: `(x − 127.5) / divisor`, three channels.
enum ImageInput {
  static func fill(
    _ plane: Plane<Int16>, rows: Range<Int>, from pixels: UnsafePointer<UInt8>, order: InputFormat.ChannelOrder,
    mirrored: Bool
  ) {
    forEachPixel(plane, rows, pixels, order, mirrored) { output, first, second, third in
      output[0] = 2 * Int16(first) - 255
      output[1] = 2 * Int16(second) - 255
      output[2] = 2 * Int16(third) - 255
      output[3] = 0
    }
  }

  static func fill(
    _ plane: Plane<Float>, rows: Range<Int>, from pixels: UnsafePointer<UInt8>, order: InputFormat.ChannelOrder,
    divisor: Float, mirrored: Bool
  ) {
    forEachPixel(plane, rows, pixels, order, mirrored) { output, first, second, third in
      output[0] = (Float(first) - 127.5) / divisor
      output[1] = (Float(second) - 127.5) / divisor
      output[2] = (Float(third) - 127.5) / divisor
    }
  }

  private static func forEachPixel<Element>(
    _ plane: Plane<Element>, _ rows: Range<Int>, _ pixels: UnsafePointer<UInt8>, _ order: InputFormat.ChannelOrder,
    _ mirrored: Bool, _ body: (UnsafeMutablePointer<Element>, UInt8, UInt8, UInt8) -> Void
  ) {
    let (first, third) = order == .rgb ? (0, 2) : (2, 0)
    for row in rows {
      for column in 0..<plane.width {
        let source = pixels + (row * plane.width + (mirrored ? plane.width - 1 - column : column)) * 3
        let output = plane.base + (row + plane.padding) * plane.rowStride + (column + plane.padding) * plane.channels
        body(output, source[first], source[1], source[third])
      }
    }
  }
}
