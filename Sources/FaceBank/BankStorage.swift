import FaceqSupport
import SIMDKernels

/// Keeps banks in files. Whatever ends the program, a bank is as it was before a call or as it is after it, and what a
/// call has returned is on the disk.
///
/// Banks of older versions are read as they are, and brought to this version by the first change.
public protocol BankStorage: Sendable {
  /// What the bank at `path` is bound to, nil where there is no file.
  func binding(of path: FilePath) throws(FaceqError) -> BankBinding?

  /// The bank at `path`, nil where there is no file.
  ///
  /// - Parameter pictures: whether the pictures' bytes are wanted, too.
  func bank(at path: FilePath, pictures: Bool) throws(FaceqError) -> FaceBank?

  /// Adds faces, all or none of them, to the bank at `path`, which is made where there is none. A face that is there
  /// already is not added again. A bank without a recorded detector takes that of `binding`.
  ///
  /// - Throws: also where the bank is bound to another model than `binding`.
  func add(_ faces: [EnrolledFace], _ binding: BankBinding, to path: FilePath) throws(FaceqError) -> BankAddition

  /// Adds a person without a face to the bank at `path`, which is made where there is none.
  ///
  /// - Returns: whether the name was new.
  /// - Throws: also where the bank is bound to another model than `binding`.
  func create(_ person: PersonName, _ binding: BankBinding, in path: FilePath) throws(FaceqError) -> Bool

  /// Gives a person another name.
  ///
  /// - Parameter merging: whether somebody who has that name gets the faces, instead of keeping it.
  func rename(
    _ person: PersonName, to name: PersonName, merging: Bool, in path: FilePath
  ) throws(FaceqError) -> BankRenaming

  /// Removes a person with all faces.
  ///
  /// - Returns: how many faces these were; nil where there is no such person.
  func remove(_ person: PersonName, from path: FilePath) throws(FaceqError) -> Int?

  /// Removes one face; its person stays, also without any.
  ///
  /// - Returns: whose face it was; nil where there is no face of that number.
  func remove(face id: Int, from path: FilePath) throws(FaceqError) -> PersonName?

  /// Removes everybody.
  ///
  /// - Returns: how many people and faces these were.
  func removeAll(from path: FilePath) throws(FaceqError) -> (people: Int, faces: Int)

  /// The people of what is at `path`, ready to be searched.
  ///
  /// - Throws: also where there are none.
  func people(at path: FilePath, kernels: KernelTable) throws(FaceqError) -> SearchedPeople

  /// A face's picture, a JPEG file; nil where there is no such face, or no picture of it.
  func picture(of id: Int, in path: FilePath) throws(FaceqError) -> [UInt8]?
}

extension BankStorage {
  /// The bank at `path`, where pictures need not be read; nil where there is no file.
  public func bank(at path: FilePath) throws(FaceqError) -> FaceBank? { try bank(at: path, pictures: false) }

  /// The bank at `path`.
  ///
  /// - Throws: also where there is none.
  public func existingBank(at path: FilePath, pictures: Bool = false) throws(FaceqError) -> FaceBank {
    guard let bank = try bank(at: path, pictures: pictures) else { throw noBank(path) }
    return bank
  }

  public func people(at path: FilePath, kernels: KernelTable) throws(FaceqError) -> SearchedPeople {
    try SearchedPeople(existingBank(at: path), from: path, kernels: kernels)
  }
}

/// The error for a bank that should be there.
package func noBank(_ path: FilePath) -> FaceqError {
  FaceqError("there is no bank at \(path); check the path, or enrol someone first")
}
