import CFaceq
import FaceqKit
import FaceqSupport

/// The picture that a C program describes.
func picture(_ image: UnsafePointer<faceq_image>) throws(FaceError) -> FacePicture {
  let image = image.pointee
  try check(image.struct_size, of: "faceq_image", atLeast: MemoryLayout<faceq_image>.size)
  let data = try needed(image.data, "data")
  let format: FacePicture.Format
  switch image.format {
  case FACEQ_RGB: format = .rgb
  case FACEQ_BGR: format = .bgr
  case FACEQ_RGBA: format = .rgba
  case FACEQ_BGRA: format = .bgra
  case FACEQ_GREY: format = .grey
  case FACEQ_ENCODED:
    return try FacePicture(encoded: UnsafeRawBufferPointer(start: data, count: max(image.size, 0)))
  case FACEQ_FILE: return try FacePicture(FilePath(cString: data.assumingMemoryBound(to: CChar.self)))
  default: throw FaceError(.invalidArgument, "there is no format \(image.format.rawValue); take one of faceq_format")
  }
  guard image.size >= 0, image.row_bytes >= 0 else {
    throw FaceError(.invalidArgument, "the size of a picture, or of its rows, is impossible")
  }
  return try FacePicture(
    pixels: UnsafeRawBufferPointer(start: data, count: image.size), width: Int(image.width), height: Int(image.height),
    format: format, bytesPerRow: image.row_bytes == 0 ? nil : image.row_bytes)
}

extension FaceSettings {
  /// What a C program chose; what is zero is the usual.
  init(_ chosen: UnsafePointer<faceq_settings>?) throws(FaceError) {
    self.init()
    guard let chosen = chosen?.pointee else { return }
    try check(chosen.struct_size, of: "faceq_settings", atLeast: MemoryLayout<faceq_settings>.size)
    let flags = chosen.flags
    let both = FACEQ_ALIGNED | FACEQ_PHOTO
    guard flags & ~(both | FACEQ_FLIP | FACEQ_UPRIGHT | FACEQ_CUT_OFF) == 0, flags & both != both else {
      throw FaceError(.invalidArgument, "the flags \(flags) contradict each other, or this library does not know them")
    }
    reading = flags & FACEQ_ALIGNED != 0 ? .aligned : flags & FACEQ_PHOTO != 0 ? .photo : .bySize
    flips = flags & FACEQ_FLIP != 0
    isUpright = flags & FACEQ_UPRIGHT != 0
    allowsCutOff = flags & FACEQ_CUT_OFF != 0
    if chosen.minimum_face != 0 { minimumFace = Int(chosen.minimum_face) }
    if chosen.score != 0 { score = chosen.score }
    if chosen.overlap != 0 { overlap = chosen.overlap }
    if chosen.quality != 0 { quality = chosen.quality }
    let (first, second, third) = chosen.thresholds
    if first != 0 || second != 0 || third != 0 { thresholds = [first, second, third] }
  }
}

extension faceq_face {
  init(_ face: Face, size: Int) {
    self.init()
    struct_size = size
    (left, top, right, bottom) = (face.box.left, face.box.top, face.box.right, face.box.bottom)
    score = face.score
    quality = face.quality
    is_upside_down = face.isUpsideDown ? 1 : 0
    withUnsafeMutableBytes(of: &landmarks) { bytes in
      for (index, point) in face.landmarks.prefix(5).enumerated() {
        bytes.storeBytes(of: point.x, toByteOffset: 8 * index, as: Float.self)
        bytes.storeBytes(of: point.y, toByteOffset: 8 * index + 4, as: Float.self)
      }
    }
    switch face.fault {
    case nil: fault = FACEQ_FAULTLESS
    case .tooSmall: fault = FACEQ_TOO_SMALL
    case .cutOff: fault = FACEQ_OUTSIDE
    case .upsideDown: fault = FACEQ_UPSIDE_DOWN
    case .distorted: fault = FACEQ_DISTORTED
    case .poor: fault = FACEQ_POOR
    case .noEmbedding: fault = FACEQ_NO_EMBEDDING
    }
  }
}
