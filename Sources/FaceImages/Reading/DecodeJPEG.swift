internal import CImageCodecs
internal import FaceqSupport

/// One decoding of a JPEG file by libjpeg.
final class JPEGDecoder {
  private let reader: UnsafeMutablePointer<jpeg_reader>
  private let path: FilePath

  /// Reads the file's header; `bytes` must outlive the decoder.
  init(_ bytes: UnsafeRawBufferPointer, path: FilePath) throws(FaceqError) {
    reader = .allocate(capacity: 1)
    reader.initialize(to: jpeg_reader())
    self.path = path
    try check(jpeg_reader_open(reader, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  deinit {
    jpeg_reader_close(reader)
    reader.deallocate()
  }

  /// Of the picture as it is stored.
  var width: Int { Int(reader.pointee.decoder.image_width) }
  var height: Int { Int(reader.pointee.decoder.image_height) }

  /// A decoder then holds the coefficients of the whole picture at its full size.
  var hasSeveralScans: Bool { reader.pointee.has_several_scans }

  /// What the first APP1 segment with an orientation says.
  var orientation: Orientation {
    var next = reader.pointee.decoder.marker_list
    while let segment = next?.pointee {
      let payload = UnsafeRawBufferPointer(start: segment.data, count: Int(segment.data_length))
      if let orientation = Orientation(exif: payload) { return orientation }
      next = segment.next
    }
    return .upright
  }

  /// Decodes columns and rows of the picture as it is stored at 1 / `reduction` (1, 2, 4, 8) of its size. To be called
  /// once.
  func decode(
    columns: Range<Int>, rows: Range<Int>, reduction: Int, limits: ImageLimits
  ) throws(FaceqError) -> (image: RGBImage, oddities: [String]) {
    if hasSeveralScans {
      try limits.check(width: width, height: height, path: path)
    } else {
      try limits.check(width: columns.count, height: rows.count, path: path)
    }
    let isCMYK = reader.pointee.decoder.num_components == 4
    let channels = isCMYK ? 4 : 3
    try check(jpeg_reader_start(reader, UInt32(reduction), isCMYK ? JCS_CMYK : JCS_RGB))
    let outputWidth = Int(reader.pointee.decoder.output_width)
    let outputHeight = Int(reader.pointee.decoder.output_height)
    var decoded = columns
    if columns != 0..<outputWidth {
      // Colours of the outermost columns are made up without those beside them.
      let margin = 8
      var left = JDIMENSION(max(columns.lowerBound - margin, 0))
      var count = JDIMENSION(min(columns.upperBound + margin, outputWidth)) - left
      try check(jpeg_reader_crop(reader, &left, &count))
      decoded = Int(left)..<Int(left + count)
    }
    var pixels = [UInt8](repeating: 0, count: decoded.count * rows.count * channels)
    try check(
      pixels.withUnsafeMutableBufferPointer { pixels in
        jpeg_reader_read(
          reader, pixels.baseAddress, decoded.count * channels, JDIMENSION(rows.lowerBound), JDIMENSION(rows.count))
      })
    // All pixels are there: what is wrong after them is no more than odd.
    if rows.upperBound == outputHeight { _ = jpeg_reader_finish(reader) }
    let warnings = JPEGWarnings(reader)
    if let damage = warnings.damage {
      throw FaceqError("cannot read \(path): it is a damaged JPEG image (\(damage)); replace it")
    }
    if isCMYK { pixels = rgb(fromInvertedCMYK: pixels) }
    var image = RGBImage(width: decoded.count, height: rows.count, pixels: pixels)
    if decoded != columns {
      let first = columns.lowerBound - decoded.lowerBound
      image = image.part(rows: 0..<rows.count, columns: first..<first + columns.count)
    }
    return (image, warnings.oddities)
  }

  private func check(_ success: Bool) throws(FaceqError) {
    guard !success else { return }
    if jpeg_reader_lacks_memory(reader) { throw lackOfMemory(path) }
    let reason = String(cString: jpeg_reader_error(reader))
    throw FaceqError("cannot read \(path): it is a damaged or unsupported JPEG image (\(reason)); replace it")
  }
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
