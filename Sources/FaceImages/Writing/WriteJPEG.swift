internal import CImageCodecs
public import QuantRuntime

/// Writes `image` as a baseline JPEG with full colour resolution (4:4:4); an existing file is replaced as a whole or
/// not at all.
/// - Parameter quality: 1…100, libjpeg's scale.
public func writeJPEG(_ image: RGBImage, to path: FilePath, quality: Int = 95) throws(FaceqError) {
  let file: [UInt8]
  do {
    file = try encodeJPEG(image, quality: quality)
  } catch {
    throw FaceqError("cannot write \(path): \(error.message)")
  }
  try file.withUnsafeBufferPointer { (file) throws(FaceqError) in
    try writeFileAtomically(path: path, UnsafeRawBufferPointer(file))
  }
}

/// The bytes of `image` as a baseline JPEG file with full colour resolution (4:4:4).
/// - Parameter quality: 1…100, libjpeg's scale.
public func encodeJPEG(_ image: RGBImage, quality: Int = 95) throws(FaceqError) -> [UInt8] {
  guard (1...100).contains(quality) else {
    throw FaceqError("there is no JPEG quality \(quality); choose one from 1 to 100")
  }
  guard image.width <= 65_500, image.height <= 65_500 else {
    throw FaceqError("a JPEG has at most 65500 rows and columns; write a PNG")
  }
  guard let encoder = tjInitCompress() else { throw FaceqError("there is no memory for a JPEG encoder") }
  defer { tjDestroy(encoder) }
  var file: UnsafeMutablePointer<UInt8>?
  var count: UInt = 0
  defer { tjFree(file) }
  let status = image.pixels.withUnsafeBufferPointer { pixels in
    tjCompress2(
      encoder, pixels.baseAddress, Int32(image.width), Int32(image.width * 3), Int32(image.height),
      Int32(TJPF_RGB.rawValue), &file, &count, Int32(TJSAMP_444.rawValue), Int32(quality),
      Int32(TJFLAG_ACCURATEDCT.rawValue))
  }
  guard status == 0 else { throw FaceqError("libjpeg-turbo says \(String(cString: tjGetErrorStr2(encoder)))") }
  return Array(UnsafeBufferPointer(start: file, count: Int(count)))
}
