import CFaceq
import FaceqKit
import FaceqSupport

@c @implementation
public func faceq_detect(
  _ session: OpaquePointer?, _ image: UnsafePointer<faceq_image>?, _ settings: UnsafePointer<faceq_settings>?,
  _ faces: UnsafeMutablePointer<faceq_face>?, _ embeddings: UnsafeMutablePointer<Float>?, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>?
) -> faceq_status {
  with(session) { (session) throws(FaceError) in
    let count = try needed(count, "count")
    count.pointee = 0
    let faces = try needed(faces, "faces")
    guard capacity >= 1 else { throw FaceError(.invalidArgument, "capacity is 0; make room for at least one face") }
    let stride = faces.pointee.struct_size
    try check(stride, of: "faceq_face", atLeast: MemoryLayout<faceq_face>.size)
    let picture = try picture(needed(image, "image"))
    let chosen = try FaceSettings(settings)
    let found: [Face]
    if embeddings != nil {
      found = try session.analysis.faces(in: picture, settings: chosen)
    } else if let detector = session.analysis.detector {
      found = try detector.faces(in: picture, settings: chosen)
    } else {
      throw FaceError(.notOpen, "there is no face detector; open one first")
    }
    for (index, face) in found.prefix(capacity).enumerated() {
      let place = UnsafeMutableRawPointer(faces) + index * stride
      place.initializeMemory(as: UInt8.self, repeating: 0, count: stride)
      place.storeBytes(of: faceq_face(face, size: stride), as: faceq_face.self)
      if let embeddings, let size = session.analysis.embedder?.model.embeddingSize {
        (embeddings + index * size).write(face.embedding, size: size)
      }
    }
    count.pointee = found.count
  }
}

@c @implementation
public func faceq_align(
  _ session: OpaquePointer?, _ image: UnsafePointer<faceq_image>?, _ landmarks: UnsafePointer<Float>?, _ side: UInt32,
  _ rgb: UnsafeMutablePointer<UInt8>?
) -> faceq_status {
  with(session) { (session) throws(FaceError) in
    let (landmarks, rgb) = (try needed(landmarks, "landmarks"), try needed(rgb, "rgb"))
    let points = (0..<5).map { Face.Point(x: landmarks[2 * $0], y: landmarks[2 * $0 + 1]) }
    let face = try picture(needed(image, "image")).aligned(landmarks: points, side: Int(side))
    let pixels = try face.pixels
    pixels.withUnsafeBufferPointer { if let start = $0.baseAddress { rgb.update(from: start, count: $0.count) } }
  }
}

@c @implementation
public func faceq_embed(
  _ session: OpaquePointer?, _ images: UnsafePointer<faceq_image>?, _ count: Int,
  _ settings: UnsafePointer<faceq_settings>?, _ embeddings: UnsafeMutablePointer<Float>?,
  _ statuses: UnsafeMutablePointer<faceq_status>?
) -> faceq_status {
  with(session) { (session) throws(FaceError) in
    session.imageMessages = []
    let (images, embeddings) = (try needed(images, "images"), try needed(embeddings, "embeddings"))
    guard count >= 1 else { throw FaceError(.invalidArgument, "count is 0; give at least one picture") }
    let stride = images.pointee.struct_size
    try check(stride, of: "faceq_image", atLeast: MemoryLayout<faceq_image>.size)
    let results = try session.analysis.embeddings(count: count, try FaceSettings(settings)) {
      (index) throws(FaceError) in
      try picture((UnsafeRawPointer(images) + index * stride).assumingMemoryBound(to: faceq_image.self))
    }
    let size = session.analysis.embedder?.model.embeddingSize ?? 0
    var first: FaceError?
    for (index, result) in results.enumerated() {
      switch result {
      case .success(let embedding):
        (embeddings + index * size).write(embedding, size: size)
        statuses?[index] = FACEQ_OK
      case .failure(let error):
        (embeddings + index * size).write(nil, size: size)
        statuses?[index] = error.status
        if first == nil { session.imageMessages = (0..<count).map { _ in session.nothing } }
        session.imageMessages[index] = CText(error.message)
        first = first ?? error
      }
    }
    if let first { throw first }
  }
}

@c @implementation
public func faceq_image_message(_ session: OpaquePointer?, _ index: Int) -> UnsafePointer<CChar>? {
  guard let session else { return faceq_message(nil) }
  let known = Session.of(session)
  let text = known.imageMessages.indices.contains(index) ? known.imageMessages[index] : known.nothing
  return UnsafePointer(text.pointer)
}

extension UnsafeMutablePointer<Float> {
  /// Writes an embedding; zeros where there is none.
  fileprivate func write(_ embedding: [Float]?, size: Int) {
    for index in 0..<size { self[index] = embedding?[index] ?? 0 }
  }
}
