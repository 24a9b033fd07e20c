internal import CImageCodecs
internal import FaceqSupport

func decodeJPEG(
  _ bytes: UnsafeRawBufferPointer, path: FilePath, limits: ImageLimits, atLeast smallestSide: Int?
) throws(FaceqError) -> Photo {
  let reader = UnsafeMutablePointer<jpeg_reader>.allocate(capacity: 1)
  reader.initialize(to: jpeg_reader())
  defer {
    jpeg_reader_close(reader)
    reader.deallocate()
  }
  func check(_ success: Bool) throws(FaceqError) {
    guard !success else { return }
    let reason = String(cString: jpeg_reader_error(reader))
    throw FaceqError("cannot read \(path): it is a damaged or unsupported JPEG image (\(reason)); replace it")
  }
  try check(jpeg_reader_open(reader, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))

  let orientation = orientation(reader)
  let fullWidth = Int(reader.pointee.decoder.image_width)
  let fullHeight = Int(reader.pointee.decoder.image_height)
  let reduction = reduction(width: fullWidth, height: fullHeight, leaving: smallestSide)
  let width = (fullWidth + reduction - 1) / reduction
  let height = (fullHeight + reduction - 1) / reduction
  if reader.pointee.has_several_scans {
    try limits.check(width: fullWidth, height: fullHeight, path: path)
  } else {
    try limits.check(width: width, height: height, path: path)
  }

  let isCMYK = reader.pointee.decoder.num_components == 4
  let channels = isCMYK ? 4 : 3
  try check(jpeg_reader_start(reader, UInt32(reduction), isCMYK ? JCS_CMYK : JCS_RGB))
  var pixels = [UInt8](repeating: 0, count: width * height * channels)
  try check(pixels.withUnsafeMutableBufferPointer { jpeg_reader_read(reader, $0.baseAddress, width * channels) })
  // All pixels are there: what is wrong after them is no more than odd.
  _ = jpeg_reader_finish(reader)
  let warnings = JPEGWarnings(reader)
  if let damage = warnings.damage {
    throw FaceqError("cannot read \(path): it is a damaged JPEG image (\(damage)); replace it")
  }

  if isCMYK { pixels = rgb(fromInvertedCMYK: pixels) }
  let image = RGBImage(width: width, height: height, pixels: pixels).turned(to: orientation)
  return Photo(image: image, reduction: reduction, oddities: warnings.oddities)
}

/// The largest of 1, 2, 4, 8 that, dividing both sides, leaves neither under `smallestSide`.
private func reduction(width: Int, height: Int, leaving smallestSide: Int?) -> Int {
  guard let smallestSide else { return 1 }
  return [8, 4, 2].first { min(width, height) / $0 >= smallestSide } ?? 1
}

/// What the first APP1 segment with an orientation says.
private func orientation(_ reader: UnsafeMutablePointer<jpeg_reader>) -> Orientation {
  var next = reader.pointee.decoder.marker_list
  while let segment = next?.pointee {
    let payload = UnsafeRawBufferPointer(start: segment.data, count: Int(segment.data_length))
    if let orientation = Orientation(exif: payload) { return orientation }
    next = segment.next
  }
  return .upright
}

/// Adobe's programs, the only ones to write such files, store 255 − ink.
private func rgb(fromInvertedCMYK pixels: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(pixels.count / 4 * 3)
  for pixel in stride(from: 0, to: pixels.count, by: 4) {
    let black = Int(pixels[pixel + 3])
    for channel in 0..<3 { result.append(UInt8((Int(pixels[pixel + channel]) * black + 127) / 255)) }
  }
  return result
}
