internal import CImageCodecs
internal import QuantRuntime

func decodeJPEG(
  _ bytes: UnsafeRawBufferPointer, path: FilePath, limits: ImageLimits, atLeast smallestSide: Int?
) throws(FaceqError) -> Photo {
  guard let header = JPEGHeader(bytes), let start = bytes.baseAddress else {
    throw FaceqError("cannot read \(path): it is a damaged JPEG image (its header is cut short or broken); replace it")
  }
  let reduction = header.reduction(leaving: smallestSide)
  let width = (header.width + reduction - 1) / reduction
  let height = (header.height + reduction - 1) / reduction
  if header.hasSeveralScans {
    try limits.check(width: header.width, height: header.height, path: path)
  } else {
    try limits.check(width: width, height: height, path: path)
  }
  guard let decoder = tjInitDecompress() else {
    throw FaceqError("cannot read \(path): there is no memory for a JPEG decoder")
  }
  defer { tjDestroy(decoder) }

  let isCMYK = header.components == 4
  let channels = isCMYK ? 4 : 3
  var pixels = [UInt8](repeating: 0, count: width * height * channels)
  let flags = TJFLAG_ACCURATEDCT.rawValue | TJFLAG_STOPONWARNING.rawValue | TJFLAG_LIMITSCANS.rawValue
  let status = pixels.withUnsafeMutableBufferPointer { pixels in
    tjDecompress2(
      decoder, start.assumingMemoryBound(to: UInt8.self), UInt(bytes.count), pixels.baseAddress, Int32(width),
      Int32(width * channels), Int32(height), Int32((isCMYK ? TJPF_CMYK : TJPF_RGB).rawValue), Int32(flags))
  }
  guard status == 0 else {
    throw FaceqError(
      "cannot read \(path): it is a damaged or unsupported JPEG image "
        + "(\(String(cString: tjGetErrorStr2(decoder)))); replace it"
    )
  }
  if isCMYK { pixels = rgb(fromInvertedCMYK: pixels) }
  let image = RGBImage(width: width, height: height, pixels: pixels).turned(to: header.orientation)
  return Photo(image: image, reduction: reduction)
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
