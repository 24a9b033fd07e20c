import CSystem
import FaceqSupport
import QuantRuntime

/// Banks as checksummed GGUF files, for machines without a database. A bank is changed by writing it anew under another
/// name and renaming that.
public struct BankFile: BankStorage {
  public init() {}

  public func binding(of path: FilePath) throws(FaceqError) -> BankBinding? {
    guard fileExists(path) else { return nil }
    return try binding(GGUFFile(path: path))
  }

  public func bank(at path: FilePath) throws(FaceqError) -> FaceBank? {
    guard fileExists(path) else { return nil }
    let file = try GGUFFile(path: path)
    let binding = try binding(file)
    try file.verifyTensors()
    let (people, photos) = (try file.texts(Key.people), try file.texts(Key.photos))
    guard people.count == photos.count else { throw unusable(path) }
    guard !people.isEmpty else { return FaceBank(binding: binding) }
    let size = binding.embeddingSize
    let embeddings = try file.tensor(Key.embeddings)
    guard embeddings.dimensions == [people.count, size] else { throw unusable(path) }
    let values = try embeddings.elements(as: Float.self)
    var faces: [(name: String, face: EnrolledFace)] = []
    for index in 0..<people.count {
      let embedding = Array(values[index * size..<(index + 1) * size])
      let face = EnrolledFace(person: PersonName(people[index]), photo: photos[index], embedding: embedding)
      faces.append((people[index], face))
    }
    let bank = FaceBank(binding: binding, stored: faces)
    try bank.check(in: path)
    return bank
  }

  public func add(_ faces: [EnrolledFace], _ binding: BankBinding, to path: FilePath) throws(FaceqError) -> Int {
    let lock = try FolderLock(of: path)
    defer { lock.release() }
    var bank = try bank(at: path) ?? FaceBank(binding: binding)
    try bank.binding.check(binding, bank: path)
    if bank.binding.detector == nil { bank.binding.detector = binding.detector }
    let added = bank.add(faces)
    try write(bank, to: path)
    return added
  }

  public func remove(_ person: PersonName, from path: FilePath) throws(FaceqError) -> Int {
    let lock = try FolderLock(of: path)
    defer { lock.release() }
    var bank = try existingBank(at: path)
    let removed = bank.remove(person)
    if removed > 0 { try write(bank, to: path) }
    return removed
  }

  /// Writes a whole bank, in place of whatever is at `path`.
  public func write(_ bank: FaceBank, to path: FilePath) throws(FaceqError) {
    let binding = bank.binding
    var writer = GGUFWriter()
    writer.set(Key.version, .uint32(2))
    writer.set(Key.modelName, .string(binding.modelName))
    writer.set(Key.digest, .string(binding.digest))
    writer.set(Key.precision, .string(binding.precision))
    writer.set(Key.embeddingSize, .uint32(UInt32(binding.embeddingSize)))
    if let detector = binding.detector {
      writer.set(Key.detectorFamily, .string(detector.family))
      writer.set(Key.detectorDigest, .string(detector.digest))
    }
    writer.set(Key.people, .stringArray(bank.faces.map { $0.person.description }))
    writer.set(Key.photos, .stringArray(bank.faces.map { $0.photo }))
    if !bank.faces.isEmpty {
      writer.add(
        Key.embeddings, dimensions: [bank.faces.count, binding.embeddingSize], bank.faces.flatMap { $0.embedding })
    }
    try writer.write(to: path)
  }

  private func binding(_ file: GGUFFile) throws(FaceqError) -> BankBinding {
    guard file.value(Key.version) != nil else {
      throw FaceqError("\(file.path) is not a bank; name one that was enrolled or exported")
    }
    let version = try file.unsigned(Key.version)
    guard version == 2 else {
      throw FaceqError("\(file.path) is a bank of version \(version); this faceq reads version 2")
    }
    return BankBinding(
      modelName: try file.string(Key.modelName), digest: try file.string(Key.digest),
      precision: try file.string(Key.precision),
      embeddingSize: try file.unsigned(Key.embeddingSize), detector: try detector(file))
  }
}

/// The detector that a bank's file names; older files name none.
private func detector(_ file: GGUFFile) throws(FaceqError) -> DetectorIdentity? {
  guard file.value(Key.detectorFamily) != nil else { return nil }
  return DetectorIdentity(family: try file.string(Key.detectorFamily), digest: try file.string(Key.detectorDigest))
}

/// Metadata keys and the tensor of a bank's file.
private enum Key {
  static let version = "faceq.bank.version"
  static let modelName = "faceq.bank.model"
  static let digest = "faceq.bank.digest"
  static let precision = "faceq.bank.precision"
  static let embeddingSize = "faceq.bank.embedding_size"
  static let detectorFamily = "faceq.bank.detector.family"
  static let detectorDigest = "faceq.bank.detector.digest"
  static let people = "faceq.bank.people"
  static let photos = "faceq.bank.photos"
  /// The name of the tensor of embeddings: float [face][component].
  static let embeddings = "embeddings"
}

extension GGUFFile {
  fileprivate func texts(_ key: String) throws(FaceqError) -> [String] {
    guard case .stringArray(let texts) = value(key) else { throw unusable(path) }
    return texts
  }
}

private func unusable(_ path: FilePath) -> FaceqError {
  FaceqError("\(path) contradicts itself; copy the bank again or export it again")
}

/// Keeps other programs from changing banks in the same folder; the system releases it where the program ends.
private struct FolderLock {
  private let descriptor: Int32

  init(of path: FilePath) throws(FaceqError) {
    let folder = path.folder
    descriptor = folder.withCString { system_open_folder($0) }
    guard descriptor >= 0 else { throw FaceqError("cannot enter \(folder): \(systemReason(system_errno()))") }
    while system_flock(descriptor, system_lock_exclusive) != 0 {
      let code = system_errno()
      guard code == system_interrupted else {
        _ = close(descriptor)
        throw FaceqError("cannot lock \(folder): \(systemReason(code))")
      }
    }
  }

  func release() { _ = close(descriptor) }
}
