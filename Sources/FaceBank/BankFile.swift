import FaceqSupport
import QuantRuntime

/// Banks as checksummed GGUF files, for machines without a database. A bank is changed by writing it anew under another
/// name and renaming that.
public struct BankFile: BankStorage {
  public init() {}

  public func binding(of path: FilePath) throws(FaceqError) -> BankBinding? {
    guard try fileExists(path) else { return nil }
    return try BankFileReader(path).binding()
  }

  /// Pictures stay in the file, which may be replaced meanwhile.
  public func bank(at path: FilePath, pictures _: Bool) throws(FaceqError) -> FaceBank? {
    guard try fileExists(path) else { return nil }
    return try BankFileReader(path).bank()
  }

  public func add(
    _ faces: [EnrolledFace], _ binding: BankBinding, to path: FilePath
  ) throws(FaceqError) -> BankAddition {
    try change(path, binding) { bank in bank.add(faces) }
  }

  public func create(_ person: PersonName, _ binding: BankBinding, in path: FilePath) throws(FaceqError) -> Bool {
    try change(path, binding) { bank in bank.create(person) }
  }

  public func rename(
    _ person: PersonName, to name: PersonName, merging: Bool, in path: FilePath
  ) throws(FaceqError) -> BankRenaming {
    try change(path, if: { $0 == .done }) { bank in bank.rename(person, to: name, merging: merging) }
  }

  public func remove(_ person: PersonName, from path: FilePath) throws(FaceqError) -> Int? {
    try change(path, if: { $0 != nil }) { bank in bank.remove(person) }
  }

  public func remove(face id: Int, from path: FilePath) throws(FaceqError) -> PersonName? {
    try change(path, if: { $0 != nil }) { bank in bank.remove(face: id) }
  }

  public func removeAll(from path: FilePath) throws(FaceqError) -> (people: Int, faces: Int) {
    try change(path, if: { $0.people > 0 }) { bank in bank.removeAll() }
  }

  public func picture(of id: Int, in path: FilePath) throws(FaceqError) -> [UInt8]? {
    try existingBank(at: path).faces.first { $0.id == id }?.picture?.bytes
  }

  /// Changes a bank for the model of `binding`, which is made where there is none.
  private func change<Result>(
    _ path: FilePath, _ binding: BankBinding, _ body: (inout FaceBank) -> Result
  ) throws(FaceqError) -> Result {
    let lock = try FolderLock(of: path)
    defer { lock.release() }
    var bank = try bank(at: path) ?? FaceBank(binding: binding)
    try bank.binding.check(binding, bank: path)
    if bank.binding.detector == nil { bank.binding.detector = binding.detector }
    let result = body(&bank)
    try write(bank, to: path)
    return result
  }

  /// Changes a bank that must be there, and writes it where `isChange` says of the result that there is something new.
  private func change<Result>(
    _ path: FilePath, if isChange: (Result) -> Bool, _ body: (inout FaceBank) -> Result
  ) throws(FaceqError) -> Result {
    let lock = try FolderLock(of: path)
    defer { lock.release() }
    var bank = try existingBank(at: path)
    let result = body(&bank)
    if isChange(result) { try write(bank, to: path) }
    return result
  }
}
