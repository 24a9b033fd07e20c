import CFaceq
import FaceqKit
import FaceqSupport

/// What a `faceq_bank` is.
final class Bank {
  let bank: FaceBank
  let embeddingSize: Int
  let detector: CText
  let message = CText()

  init(_ bank: FaceBank, embeddingSize: Int) {
    self.bank = bank
    self.embeddingSize = embeddingSize
    detector = CText(bank.detectorDigest ?? "")
  }

  /// The bank that a handle stands for.
  static func of(_ handle: OpaquePointer) -> Bank {
    Unmanaged<Bank>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
  }

  func embedding(_ components: UnsafePointer<Float>?) throws(FaceError) -> [Float] {
    Array(UnsafeBufferPointer(start: try needed(components, "embedding"), count: embeddingSize))
  }
}

/// Runs `body` with a bank, which keeps why it failed.
private func withBank(_ handle: OpaquePointer?, _ body: (Bank) throws(FaceError) -> Void) -> faceq_status {
  guard let handle else { return FACEQ_INVALID_ARGUMENT }
  let bank = Bank.of(handle)
  do throws(FaceError) {
    try body(bank)
    return FACEQ_OK
  } catch {
    bank.message.set(error.message)
    return error.status
  }
}

@c @implementation
public func faceq_bank_open(
  _ session: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ bank: UnsafeMutablePointer<OpaquePointer?>?
) -> faceq_status {
  bank?.pointee = nil
  return with(session) { (session) throws(FaceError) in
    let (path, bank) = (try needed(path, "path"), try needed(bank, "bank"))
    guard let model = session.analysis.embedder?.model else {
      throw FaceError(.notOpen, "there is no embedding model; open that of the bank first")
    }
    let opened = try FaceBank(FilePath(cString: path), model, detector: session.analysis.detector?.model)
    let made = Bank(opened, embeddingSize: model.embeddingSize)
    bank.pointee = OpaquePointer(Unmanaged.passRetained(made).toOpaque())
  }
}

@c @implementation
public func faceq_bank_close(_ bank: OpaquePointer?) {
  guard let bank else { return }
  Unmanaged<Bank>.fromOpaque(UnsafeRawPointer(bank)).release()
}

@c @implementation
public func faceq_bank_message(_ bank: OpaquePointer?) -> UnsafePointer<CChar>? {
  guard let bank else { return faceq_message(nil) }
  return UnsafePointer(Bank.of(bank).message.pointer)
}

@c @implementation
public func faceq_bank_detector(_ bank: OpaquePointer?) -> UnsafePointer<CChar>? {
  guard let bank else { return nothing }
  return UnsafePointer(Bank.of(bank).detector.pointer)
}

@c @implementation
public func faceq_bank_enrol(
  _ bank: OpaquePointer?, _ person: UnsafePointer<CChar>?, _ photo: UnsafePointer<CChar>?,
  _ embedding: UnsafePointer<Float>?
) -> faceq_status {
  withBank(bank) { (bank) throws(FaceError) in
    let photo = try photo.map { (photo) throws(FaceError) in try text(photo, "photo") }
    try bank.bank.enrol(
      text(needed(person, "person"), "person"), photo: photo ?? "", embedding: bank.embedding(embedding))
  }
}

@c @implementation
public func faceq_bank_remove(
  _ bank: OpaquePointer?, _ person: UnsafePointer<CChar>?, _ removed: UnsafeMutablePointer<Int>?
) -> faceq_status {
  withBank(bank) { (bank) throws(FaceError) in
    let count = try bank.bank.remove(text(needed(person, "person"), "person"))
    removed?.pointee = count
  }
}

@c @implementation
public func faceq_bank_identify(
  _ bank: OpaquePointer?, _ embedding: UnsafePointer<Float>?, _ match: UnsafeMutablePointer<faceq_match>?
) -> faceq_status {
  withBank(bank) { (bank) throws(FaceError) in
    let match = try needed(match, "match")
    let size = match.pointee.struct_size
    try check(size, of: "faceq_match", atLeast: MemoryLayout<faceq_match>.size)
    let found = try bank.bank.identify(bank.embedding(embedding))
    var answer = faceq_match()
    answer.struct_size = size
    (answer.cosine, answer.runner_up_cosine) = (found.nearest?.cosine ?? -1, found.runnerUp?.cosine ?? -1)
    write(found.nearest?.person ?? "", to: &answer.person)
    write(found.runnerUp?.person ?? "", to: &answer.runner_up)
    match.pointee = answer
  }
}

@c @implementation
public func faceq_bank_people(_ bank: OpaquePointer?) -> Int {
  guard let bank else { return 0 }
  return Bank.of(bank).bank.people.count
}

@c @implementation
public func faceq_bank_person(
  _ bank: OpaquePointer?, _ index: Int, _ person: UnsafeMutablePointer<faceq_person>?
) -> faceq_status {
  withBank(bank) { (bank) throws(FaceError) in
    let person = try needed(person, "person")
    let size = person.pointee.struct_size
    try check(size, of: "faceq_person", atLeast: MemoryLayout<faceq_person>.size)
    let people = bank.bank.people
    guard people.indices.contains(index) else {
      throw FaceError(.invalidArgument, "there is no person \(index); there are \(people.count)")
    }
    var facts = faceq_person()
    facts.struct_size = size
    facts.photos = people[index].photos
    write(people[index].name, to: &facts.name)
    person.pointee = facts
  }
}

@c @implementation
public func faceq_bank_save(_ bank: OpaquePointer?) -> faceq_status {
  withBank(bank) { (bank) throws(FaceError) in try bank.bank.save() }
}

private var nothing: UnsafePointer<CChar> {
  let text: StaticString = ""
  return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// A text in UTF-8.
private func text(_ characters: UnsafePointer<CChar>, _ name: StaticString) throws(FaceError) -> String {
  guard let text = String(validatingCString: characters) else {
    throw FaceError(.invalidArgument, "\(name) is not UTF-8; convert it")
  }
  return text
}
