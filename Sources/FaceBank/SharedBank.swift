import FaceqSupport
import QuantRuntime
import SIMDKernels

/// A bank that a service uses while other programs may use it, too: it is read when it is first needed, and again when
/// its file has changed, whoever changed it.
///
/// Any number of threads may call. What a call that changes the bank has returned is on the disk.
package final class SharedBank<Storage: BankStorage>: @unchecked Sendable {
  package let path: FilePath
  private let storage: Storage
  private let binding: BankBinding
  private let kernels: KernelTable
  /// Of one thread at a time that opens the file: SQLite loses its locks where another closes it.
  private let turn = Lock()
  /// Guards what was read, so that nobody who only asks waits for somebody who writes.
  private let lock = Lock()
  private var stamp = BankStamp()
  private var read: BankContents?

  /// - Parameters:
  ///   - path: the bank, which the first addition makes where there is none.
  ///   - binding: the model and the detector that are used.
  package init(_ storage: Storage, at path: FilePath, for binding: BankBinding, kernels: KernelTable) {
    self.storage = storage
    self.path = path
    self.binding = binding
    self.kernels = kernels
  }

  /// What is in the bank now: nothing where there is no file.
  ///
  /// - Throws: where the file cannot be read, or is bound to another model.
  package func contents() throws(FaceqError) -> BankContents {
    if let held = held(at: try BankStamp(of: path)) { return held }
    return try turn.with { () throws(FaceqError) in try current() }
  }

  /// Adds faces, all or none of them. A face that is there already is not added again.
  package func add(_ faces: [EnrolledFace]) throws(FaceqError) -> BankAddition {
    try turn.with { () throws(FaceqError) in try storage.add(faces, binding, to: path) }
  }

  /// Adds a person without a face.
  ///
  /// - Returns: whether the name was new.
  package func create(_ person: PersonName) throws(FaceqError) -> Bool {
    try turn.with { () throws(FaceqError) in
      guard !(try current().bank.contains(person)) else { return false }
      return try storage.create(person, binding, in: path)
    }
  }

  /// Gives a person another name.
  ///
  /// - Parameter merging: whether somebody who has that name gets the faces, instead of keeping it.
  package func rename(
    _ person: PersonName, to name: PersonName, merging: Bool
  ) throws(FaceqError) -> BankRenaming {
    try turn.with { () throws(FaceqError) in
      guard try current().bank.contains(person) else { return .unknown }
      return try storage.rename(person, to: name, merging: merging, in: path)
    }
  }

  /// Removes a person with all faces.
  ///
  /// - Returns: how many faces these were; nil where there is no such person.
  package func remove(_ person: PersonName) throws(FaceqError) -> Int? {
    try turn.with { () throws(FaceqError) in
      guard try current().bank.contains(person) else { return nil }
      return try storage.remove(person, from: path)
    }
  }

  /// Removes one face; its person stays, also without any.
  ///
  /// - Returns: whose face it was; nil where there is no face of that number.
  package func remove(face id: Int) throws(FaceqError) -> PersonName? {
    try turn.with { () throws(FaceqError) in
      guard try current().face(id) != nil else { return nil }
      return try storage.remove(face: id, from: path)
    }
  }

  /// Removes everybody.
  ///
  /// - Returns: how many people and faces these were.
  package func removeAll() throws(FaceqError) -> (people: Int, faces: Int) {
    try turn.with { () throws(FaceqError) in
      guard !(try current().people.isEmpty) else { return (0, 0) }
      return try storage.removeAll(from: path)
    }
  }

  /// A face's picture, a JPEG file; nil where there is no such face, or no picture of it.
  package func picture(of id: Int) throws(FaceqError) -> [UInt8]? {
    try turn.with { () throws(FaceqError) in
      guard let picture = try current().face(id)?.picture else { return nil }
      if let bytes = picture.bytes { return bytes }
      return try storage.picture(of: id, in: path)
    }
  }

  /// What was read, where that is still what the file holds.
  private func held(at now: BankStamp) -> BankContents? {
    lock.with { stamp.vouches(for: now) ? read : nil }
  }

  /// What is in the bank now, for a thread whose turn it is.
  private func current() throws(FaceqError) -> BankContents {
    let now = try BankStamp(of: path)
    if let held = held(at: now) { return held }
    let bank = try storage.bank(at: path) ?? FaceBank(binding: binding)
    try bank.binding.check(binding, bank: path)
    let contents = BankContents(bank, kernels: kernels)
    lock.with { (stamp, read) = (now, contents) }
    return contents
  }
}
