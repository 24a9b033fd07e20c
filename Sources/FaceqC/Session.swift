import CFaceq
import FaceqKit
import FaceqSupport

/// What a `faceq_session` is.
final class Session {
  let analysis = FaceAnalysis()
  private let threads: Int?
  private let instructionSet: String?
  /// With what the models that were opened compute.
  private var computing: Computing?
  let message = CText()
  /// Why pictures failed in the last `faceq_embed`; nothing where all went well.
  var imageMessages: [CText] = []
  let nothing = CText()

  init(threads: Int?, instructionSet: String?) {
    self.threads = threads
    self.instructionSet = instructionSet
  }

  func open(_ model: FaceModel) throws(FaceError) {
    try analysis.open(model, try chosenComputing())
  }

  func chosenComputing() throws(FaceError) -> Computing {
    if let computing { return computing }
    let made = try Computing(threads: threads, instructionSet: instructionSet)
    computing = made
    return made
  }

  /// The session that a handle stands for.
  static func of(_ handle: OpaquePointer) -> Session {
    Unmanaged<Session>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }
}

/// Runs `body` with a session, which keeps why it failed.
func with(_ handle: OpaquePointer?, _ body: (Session) throws(FaceError) -> Void) -> faceq_status {
  guard let handle else { return FACEQ_INVALID_ARGUMENT }
  let session = Session.of(handle)
  do throws(FaceError) {
    try body(session)
    return FACEQ_OK
  } catch {
    session.message.set(error.message)
    return error.status
  }
}

/// What is given, where that is needed.
func needed<Value>(_ value: Value?, _ name: StaticString) throws(FaceError) -> Value {
  guard let value else { throw FaceError(.invalidArgument, "\(name) is null") }
  return value
}

/// Fails where a struct is not one that this library knows.
func check(_ size: Int, of name: StaticString, atLeast known: Int) throws(FaceError) {
  guard size >= known, size <= 1 << 16, size % MemoryLayout<Int>.alignment == 0 else {
    throw FaceError(.invalidArgument, "struct_size of \(name) is \(size); set it to sizeof(\(name))")
  }
}

extension FaceError {
  var status: faceq_status {
    switch kind {
    case .invalidArgument: FACEQ_INVALID_ARGUMENT
    case .outOfMemory: FACEQ_OUT_OF_MEMORY
    case .unsupported: FACEQ_UNSUPPORTED
    case .unusableFile: FACEQ_UNUSABLE_FILE
    case .unusablePicture: FACEQ_UNUSABLE_PICTURE
    case .noFace: FACEQ_NO_FACE
    case .notOpen: FACEQ_NOT_OPEN
    case .otherModel: FACEQ_OTHER_MODEL
    case .wrongResult: FACEQ_WRONG_RESULT
    }
  }
}
