import CSystem
import FaceqSupport

/// Keeps other programs from changing banks in the same folder; the system releases it where the program ends.
struct FolderLock {
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
