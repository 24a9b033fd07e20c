import FaceqSupport

/// Keeps banks in files. Whatever ends the program, a bank is as it was before a call or as it is after it.
public protocol BankStorage: Sendable {
  /// What the bank at `path` is bound to, nil where there is no file.
  func binding(of path: FilePath) throws(FaceqError) -> BankBinding?

  /// The bank at `path`, nil where there is no file.
  func bank(at path: FilePath) throws(FaceqError) -> FaceBank?

  /// Adds faces, all or none of them, to the bank at `path`, which is made where there is none. A face that is there
  /// already is not added again. A bank without a recorded detector takes that of `binding`.
  ///
  /// - Returns: how many were new.
  /// - Throws: also where the bank is bound to another model than `binding`.
  func add(_ faces: [EnrolledFace], _ binding: BankBinding, to path: FilePath) throws(FaceqError) -> Int

  /// Removes a person with all photos.
  ///
  /// - Returns: how many photos these were; 0 where there is no such person.
  func remove(_ person: PersonName, from path: FilePath) throws(FaceqError) -> Int
}

extension BankStorage {
  /// The bank at `path`.
  ///
  /// - Throws: also where there is none.
  public func existingBank(at path: FilePath) throws(FaceqError) -> FaceBank {
    guard let bank = try bank(at: path) else { throw noBank(path) }
    return bank
  }
}

/// The error for a bank that should be there.
package func noBank(_ path: FilePath) -> FaceqError {
  FaceqError("there is no bank at \(path); check the path, or enrol someone first")
}
