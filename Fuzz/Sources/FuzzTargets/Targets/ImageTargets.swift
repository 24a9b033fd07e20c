import FaceImages
import FaceqSupport

/// Photos: those that are accepted are decoded whole, small and in part.
let imageTargets = [
  FuzzTarget("jpeg", "a JPEG file", seeds: jpegSeeds, run: { decode($0, name: "input.jpg") }),
  FuzzTarget(
    "png", "a PNG file, its checksums set right", seeds: pngSeeds,
    run: { bytes in repairedPNG(bytes).withUnsafeBytes { decode($0, name: "input.png") } }),
  FuzzTarget(
    "exif", "EXIF data, in a JPEG file's APP1 segment and in a PNG file's eXIf chunk", seeds: exifSeeds,
    run: { bytes in
      guard bytes.count < 60_000 else { return }
      jpeg(exif: bytes).withUnsafeBytes { decode($0, name: "input.jpg") }
      png(exif: bytes).withUnsafeBytes { decode($0, name: "input.png") }
    }),
]

private let limits = ImageLimits(maximumPixels: 1 << 18, maximumFileBytes: 1 << 20)

private func decode(_ bytes: UnsafeRawBufferPointer, name: FilePath) {
  expectSentence { () throws(FaceqError) in
    let photo = try Photo(copying: bytes, name: name, limits: limits)
    let (width, height) = (photo.width, photo.height)
    precondition(width > 0 && height > 0)
    expectSentence { () throws(FaceqError) in
      let whole = try photo.whole()
      precondition(whole.image.width == width && whole.image.height == height)
    }
    expectSentence { () throws(FaceqError) in _ = try photo.whole(atLeast: (8, 8)) }
    expectSentence { () throws(FaceqError) in
      let part = try photo.part(columns: width / 3..<width / 2 + 1, rows: height / 4..<height / 2 + 1)
      precondition(part.image.width > 0 && part.image.height > 0)
    }
  }
}

/// A picture of 24 × 16 pixels in which neighbours differ.
private let picture = RGBImage(
  width: 24, height: 16, pixels: (0..<24 * 16 * 3).map { UInt8(truncatingIfNeeded: $0 &* 29) })
private let plainJPEG = (try? encodeJPEG(picture, quality: 60)) ?? []
private let plainPNG = (try? bytesWritten { path throws(FaceqError) in try writePNG(picture, to: path) }) ?? []

@Sendable private func jpegSeeds() -> [String: [UInt8]] {
  ["plain.jpg": plainJPEG, "turned.jpg": someEXIF.withUnsafeBytes { jpeg(exif: $0) }]
}

@Sendable private func pngSeeds() -> [String: [UInt8]] {
  ["plain.png": plainPNG, "turned.png": someEXIF.withUnsafeBytes { png(exif: $0) }]
}

/// A directory of two entries, the second of which says that the picture lies on its side.
private let someEXIF: [UInt8] =
  Array("Exif".utf8) + [0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 2, 1, 0x0f, 0, 2, 0, 0, 0, 1, 65, 0, 0, 0]
  + [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]

@Sendable private func exifSeeds() -> [String: [UInt8]] {
  var little: [UInt8] = Array("Exif".utf8) + [0, 0, 0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0]
  little += [0x12, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0]
  return ["big": someEXIF, "little": little]
}

private func jpeg(exif: UnsafeRawBufferPointer) -> [UInt8] {
  let length = exif.count + 2
  let segment = [0xff, 0xe1, UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)] + exif
  return plainJPEG.prefix(2) + segment + plainJPEG.dropFirst(2)
}

/// The data without the six bytes that JPEG wants in front of it.
private func png(exif: UnsafeRawBufferPointer) -> [UInt8] {
  let content = exif.dropFirst(6)
  let typed = Array("eXIf".utf8) + content
  let sum = crc32(typed)
  let chunk =
    (0..<4).map { UInt8(truncatingIfNeeded: content.count >> (24 - 8 * $0)) } + typed
    + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32($0))) }
  // Behind the signature and the header.
  return plainPNG.prefix(33) + chunk + plainPNG.dropFirst(33)
}
