internal import CImageCodecs
internal import FaceqSupport

/// libpng fails where a chunk that pixels come from is damaged or missing. What it only warns of are other chunks (a
/// colour profile, a time), which do not matter here.
/// - Returns: the picture as it is stored.
func decodePNG(
  _ bytes: UnsafeRawBufferPointer, path: FilePath, limits: ImageLimits
) throws(FaceqError) -> (image: RGBImage, oddities: [String]) {
  var image = png_image()
  defer { png_image_free(&image) }
  try beginReading(&image, bytes, path: path)
  let width = Int(image.width)
  let height = Int(image.height)
  try limits.check(width: width, height: height, path: path)

  image.format = UInt32(PNG_FORMAT_RGB)
  // Without it a 16-bit picture would be taken for linear light.
  image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
  var background = png_color(red: 255, green: 255, blue: 255)
  var pixels = [UInt8](repeating: 0, count: width * height * 3)
  let status = pixels.withUnsafeMutableBytes { pixels in
    png_image_finish_read(&image, &background, pixels.baseAddress, Int32(width * 3), nil)
  }
  guard status != 0 else { throw damagedPNG(image, path: path) }
  let oddities = image.warning_or_error == 0 ? [] : [message(image)]
  return (RGBImage(width: width, height: height, pixels: pixels), oddities)
}

/// The size of the picture as it is stored, and how it is to be turned.
func pngHeader(
  _ bytes: UnsafeRawBufferPointer, path: FilePath
) throws(FaceqError) -> (width: Int, height: Int, orientation: Orientation) {
  var image = png_image()
  defer { png_image_free(&image) }
  try beginReading(&image, bytes, path: path)
  return (Int(image.width), Int(image.height), Orientation(png: bytes) ?? .upright)
}

/// Reads the header. libpng keeps the address of `image`, which must not move.
private func beginReading(
  _ image: inout png_image, _ bytes: UnsafeRawBufferPointer, path: FilePath
) throws(FaceqError) {
  image.version = UInt32(PNG_IMAGE_VERSION)
  guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
    throw damagedPNG(image, path: path)
  }
}

private func message(_ image: png_image) -> String {
  withUnsafePointer(to: image) { String(cString: png_image_message($0)) }
}

private func damagedPNG(_ image: png_image, path: FilePath) -> FaceqError {
  // libpng says so only in words, zlib's "insufficient memory" among them.
  let text = message(image)
  if text.hasSuffix("ut of memory") || text.hasSuffix("nsufficient memory") { return lackOfMemory(path) }
  return FaceqError("cannot read \(path): it is a damaged PNG image (\(text)); replace it")
}

extension Orientation {
  /// The orientation in the eXIf chunk of a PNG file, or nil where there is none (PNG specification, third edition,
  /// §11.3.4.5). The chunk may stand before or after the pixels.
  init?(png bytes: UnsafeRawBufferPointer) {
    var offset = 8
    while let length = bytes.bigEndian(at: offset, size: 4), let type = bytes.bigEndian(at: offset + 4, size: 4),
      let checksum = bytes.bigEndian(at: offset + 8 + length, size: 4)
    {
      if type == 0x6558_4966 {  // "eXIf"
        let content = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<offset + 8 + length])
        let sum = png_crc32(0, content.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(content.count))
        guard sum == checksum else { return nil }
        self.init(tiff: UnsafeRawBufferPointer(rebasing: content[4...]))
        return
      }
      offset += 12 + length
    }
    return nil
  }
}
