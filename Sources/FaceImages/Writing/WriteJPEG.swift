internal import CImageCodecs
internal import CSystem
package import FaceqSupport

/// Writes `image` as a baseline JPEG with full colour resolution (4:4:4); an existing file is replaced as a whole or
/// not at all.
/// - Parameter quality: 1…100, libjpeg's scale.
package func writeJPEG(_ image: RGBImage, to path: FilePath, quality: Int = 95) throws(FaceqError) {
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
package func encodeJPEG(_ image: RGBImage, quality: Int = 95) throws(FaceqError) -> [UInt8] {
  guard (1...100).contains(quality) else {
    throw FaceqError("there is no JPEG quality \(quality); choose one from 1 to 100")
  }
  guard image.width <= 65_500, image.height <= 65_500 else {
    throw FaceqError("a JPEG has at most 65500 rows and columns; write a PNG")
  }
  let writer = UnsafeMutablePointer<jpeg_writer>.allocate(capacity: 1)
  writer.initialize(to: jpeg_writer())
  defer { writer.deallocate() }
  var file: UnsafeMutablePointer<UInt8>?
  var count: UInt = 0
  defer { free(file) }
  let isWritten = image.pixels.withUnsafeBufferPointer { pixels in
    jpeg_writer_write(
      writer, pixels.baseAddress, UInt32(image.width), UInt32(image.height), Int32(quality), &file, &count)
  }
  guard isWritten else {
    if jpeg_writer_lacks_memory(writer) { throw FaceqError("there is no memory to write a JPEG", .memory) }
    throw FaceqError("libjpeg says \(String(cString: jpeg_writer_error(writer)))")
  }
  return Array(UnsafeBufferPointer(start: file, count: Int(count)))
}
