import CSystem

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a temporary file in the same folder; `commit()` brings them to the disk and renames. Without `commit()`
/// the temporary file is removed and whatever had the name before stays as it was. A symbolic link of that name is
/// replaced, not followed.
///
/// Public, because Embedded Swift runs a `deinit` in other modules only where the type is.
public struct AtomicFile: ~Copyable {
  package let path: FilePath
  /// How many bytes have been written so far.
  package private(set) var count: Int
  private let temporaryPath: FilePath
  private var descriptor: Int32
  private var isRenamed: Bool

  /// Fails where the folder is missing or cannot be written to, and where `path` names a folder or a device.
  package init(path: FilePath) throws(FaceqError) {
    var facts = system_file_facts()
    if path.withCString({ system_facts_of_path($0, &facts) }) == 0, !system_is_regular(&facts) {
      throw FaceqError("cannot write \(path): it is a folder, a pipe or a device; name a regular file")
    }
    let folder = path.folder
    guard folder.withCString({ system_facts_of_path($0, &facts) }) == 0 else {
      throw FaceqError(
        "cannot write \(path): its folder \(folder) does not exist or cannot be entered; create it first")
    }
    let temporary = try createTemporary(in: folder, for: path)
    self.path = path
    self.count = 0
    self.temporaryPath = temporary.path
    self.descriptor = temporary.descriptor
    self.isRenamed = false
  }

  /// Appends `bytes`.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FaceqError) {
    try overwrite(at: count, bytes)
    count += bytes.count
  }

  /// Appends `bytes`.
  package mutating func write(_ bytes: [UInt8]) throws(FaceqError) {
    try bytes.withUnsafeBufferPointer { buffer throws(FaceqError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Replaces bytes that were written before, from `offset` on.
  package mutating func overwrite(at offset: Int, _ bytes: UnsafeRawBufferPointer) throws(FaceqError) {
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let written = pwrite(descriptor, start + done, bytes.count - done, offset + done)
      if written > 0 {
        done += written
      } else if written == 0 || system_errno() != system_interrupted {
        throw FaceqError("cannot write \(path): \(systemReason(written == 0 ? system_disk_full : system_errno()))")
      }
    }
  }

  /// Makes the file appear under its name, complete and on the disk.
  package consuming func commit() throws(FaceqError) {
    try bringToDisk()
    try appear()
  }

  /// Makes this file and another appear under their names, both or none.
  package consuming func commit(with other: consuming AtomicFile) throws(FaceqError) {
    // Where a disk is full, it is here.
    try bringToDisk()
    try other.bringToDisk()
    try appear()
    do throws(FaceqError) {
      try other.appear()
    } catch {
      _ = path.withCString { unlink($0) }
      throw error
    }
  }

  private mutating func bringToDisk() throws(FaceqError) {
    // Some file systems report a full disk only here.
    var failed = fsync(descriptor) != 0
    var code = system_errno()
    if close(descriptor) != 0, !failed {
      failed = true
      code = system_errno()
    }
    descriptor = -1
    if failed { throw FaceqError("cannot write \(path): \(systemReason(code))") }
  }

  private mutating func appear() throws(FaceqError) {
    guard temporaryPath.withCString({ from in path.withCString { rename(from, $0) } }) == 0 else {
      throw FaceqError("cannot write \(path): \(systemReason(system_errno()))")
    }
    isRenamed = true
    // The file is whole either way; this makes its name outlive a power cut, where the file system can do that.
    let folder = path.folder.withCString { system_open_folder($0) }
    if folder >= 0 {
      _ = fsync(folder)
      _ = close(folder)
    }
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
    if !isRenamed { _ = temporaryPath.withCString { unlink($0) } }
  }
}

/// Writes a whole file, or leaves what was there before as it was.
package func writeFileAtomically(path: FilePath, _ bytes: UnsafeRawBufferPointer) throws(FaceqError) {
  var file = try AtomicFile(path: path)
  try file.write(bytes)
  try file.commit()
}

/// Removes the temporary files that killed programs left in `folder`, where nobody may be writing a file.
package func removeTemporaryFiles(in folder: FilePath) {
  guard let entries = folder.withCString({ system_opendir($0) }) else { return }
  defer { _ = system_closedir(entries) }
  while let entry = system_readdir(entries) {
    let name = FilePath(cString: system_entry_name(entry))
    guard name.bytes.starts(with: temporaryPrefix.utf8), name.hasSuffix(temporarySuffix) else { continue }
    _ = folder.appending(component: name.bytes).withCString { unlink($0) }
  }
}

private let temporaryPrefix = ".faceq-"
private let temporarySuffix: StaticString = ".tmp"

/// A new, empty file in `folder`, under a name that nothing has.
private func createTemporary(in folder: FilePath, for path: FilePath) throws(FaceqError) -> (
  path: FilePath, descriptor: Int32
) {
  var code: Int32 = 0
  for attempt in 0..<10_000 {
    let temporaryPath = folder.appending("/\(temporaryPrefix)\(getpid())-\(attempt)\(temporarySuffix)")
    let descriptor = temporaryPath.withCString { system_create_new($0) }
    if descriptor >= 0 { return (temporaryPath, descriptor) }
    code = system_errno()
    if code != system_exists { break }
  }
  throw FaceqError("cannot write \(path): \(systemReason(code))")
}
