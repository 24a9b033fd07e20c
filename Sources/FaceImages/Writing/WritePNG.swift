internal import CImageCodecs
package import FaceqSupport

/// Writes `image` as an 8-bit sRGB PNG; an existing file is replaced as a whole or not at all.
package func writePNG(_ image: RGBImage, to path: FilePath) throws(FaceqError) {
  guard image.width <= 1_000_000, image.height <= 1_000_000 else {
    throw FaceqError("cannot write \(path): libpng takes at most 1000000 rows and columns; make the image smaller")
  }
  // libpng's bound: raw rows with one filter byte each, stored deflate blocks, and the chunks around them.
  let raw = (3 * image.width + 1) * image.height
  var count = raw + (raw + 7) / 8 + (raw + 63) / 64 + 256
  var file = [UInt8](repeating: 0, count: count)

  var header = png_image()
  header.version = UInt32(PNG_IMAGE_VERSION)
  header.width = UInt32(image.width)
  header.height = UInt32(image.height)
  header.format = UInt32(PNG_FORMAT_RGB)
  defer { png_image_free(&header) }
  let status = file.withUnsafeMutableBytes { file in
    image.pixels.withUnsafeBytes { pixels in
      png_image_write_to_memory(
        &header, file.baseAddress, &count, 0, pixels.baseAddress, Int32(3 * image.width), nil)
    }
  }
  guard status != 0 else {
    let reason = withUnsafePointer(to: header) { String(cString: png_image_message($0)) }
    throw FaceqError("cannot write \(path): libpng says \(reason)")
  }
  try file.withUnsafeBufferPointer { (file) throws(FaceqError) in
    try writeFileAtomically(path: path, UnsafeRawBufferPointer(start: file.baseAddress, count: count))
  }
}
