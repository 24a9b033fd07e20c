internal import CImageCodecs
internal import QuantRuntime

func decodePNG(_ bytes: UnsafeRawBufferPointer, path: FilePath, limits: ImageLimits) throws(FaceqError) -> RGBImage {
  var image = png_image()
  image.version = UInt32(PNG_IMAGE_VERSION)
  defer { png_image_free(&image) }
  guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
    throw damagedPNG(image, path: path)
  }
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
  guard status != 0, image.warning_or_error == 0 else { throw damagedPNG(image, path: path) }
  return RGBImage(width: width, height: height, pixels: pixels)
}

private func damagedPNG(_ image: png_image, path: FilePath) -> FaceqError {
  let reason = withUnsafePointer(to: image) { String(cString: png_image_message($0)) }
  return FaceqError("cannot read \(path): it is a damaged PNG image (\(reason)); replace it")
}
