import CFaceq
import FaceqKit
import FaceqSupport

@c @implementation
public func faceq_session_create(
  _ options: UnsafePointer<faceq_options>?, _ session: UnsafeMutablePointer<OpaquePointer?>?
) -> faceq_status {
  guard let session else { return FACEQ_INVALID_ARGUMENT }
  session.pointee = nil
  var threads: Int?
  var instructionSet: String?
  do throws(FaceError) {
    if let options = options?.pointee {
      try check(options.struct_size, of: "faceq_options", atLeast: MemoryLayout<faceq_options>.size)
      guard options.threads <= 256 else { return FACEQ_INVALID_ARGUMENT }
      if options.threads > 0 { threads = Int(options.threads) }
      if let name = options.instruction_set { instructionSet = String(cString: name) }
    }
  } catch {
    return error.status
  }
  do { try checkMemory(1 << 16) } catch { return FACEQ_OUT_OF_MEMORY }
  let made = Session(threads: threads, instructionSet: instructionSet)
  session.pointee = OpaquePointer(Unmanaged.passRetained(made).toOpaque())
  return FACEQ_OK
}

@c @implementation
public func faceq_session_close(_ session: OpaquePointer?) {
  guard let session else { return }
  Unmanaged<Session>.fromOpaque(UnsafeRawPointer(session)).release()
}

@c @implementation
public func faceq_message(_ session: OpaquePointer?) -> UnsafePointer<CChar>? {
  guard let session else { return noSession }
  return UnsafePointer(Session.of(session).message.pointer)
}

@c @implementation
public func faceq_open(_ session: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> faceq_status {
  with(session) { (session) throws(FaceError) in
    try session.open(FaceModel(FilePath(cString: needed(path, "path"))))
  }
}

@c @implementation
public func faceq_open_memory(_ session: OpaquePointer?, _ bytes: UnsafeRawPointer?, _ size: Int) -> faceq_status {
  with(session) { (session) throws(FaceError) in
    let start = try needed(bytes, "bytes")
    try session.open(FaceModel(copying: UnsafeRawBufferPointer(start: start, count: max(size, 0))))
  }
}

@c @implementation
public func faceq_session_info(_ session: OpaquePointer?, _ info: UnsafeMutablePointer<faceq_info>?) -> faceq_status {
  with(session) { (session) throws(FaceError) in
    let info = try needed(info, "info")
    let size = info.pointee.struct_size
    try check(size, of: "faceq_info", atLeast: MemoryLayout<faceq_info>.size)
    let computing = try session.chosenComputing()
    var facts = faceq_info()
    facts.struct_size = size
    facts.threads = UInt32(computing.threadCount)
    write(computing.instructionSet, to: &facts.instruction_set)
    if let model = session.analysis.embedder?.model {
      facts.embedding_size = UInt32(model.embeddingSize)
      facts.face_width = UInt32(model.faceWidth)
      facts.face_height = UInt32(model.faceHeight)
      facts.is_int8 = model.isInt8 ? 1 : 0
      facts.is_stand_in = model.isStandIn ? 1 : 0
      write(model.digest, to: &facts.model_digest)
    }
    if let detector = session.analysis.detector?.model {
      facts.has_detector = 1
      write(detector.digest, to: &facts.detector_digest)
    }
    info.pointee = facts
  }
}

@c @implementation
public func faceq_self_test(_ session: OpaquePointer?) -> faceq_status {
  with(session) { (session) throws(FaceError) in try session.analysis.selfTest() }
}

private var noSession: UnsafePointer<CChar> {
  let text: StaticString = "there is no session"
  return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
