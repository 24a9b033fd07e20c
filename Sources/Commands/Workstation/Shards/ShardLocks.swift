import CSystem
import FaceqSupport

/// Says which worker does which shard: each holds the lock of what it is at, a byte of one file, and the system takes the
/// lock from a worker that dies, however it dies.
final class ShardLocks {
  private let path: FilePath
  private let descriptor: Int32

  /// The number of the lock that a worker holds while it sets the folder up; shards have those from 0 on.
  static let setUp = 1 << 60

  /// - Parameter path: a file that is made where there is none, and stays empty.
  init(_ path: FilePath) throws(FaceqError) {
    self.path = path
    descriptor = path.withCString { system_open_locks($0) }
    guard descriptor >= 0 else { throw FaceqError("cannot open \(path): \(systemReason(system_errno()))") }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Takes a lock where no other worker has it.
  func take(_ number: Int) throws(FaceqError) -> Bool { try take(number, waits: false) }

  /// Takes a lock, and waits until no other worker has it.
  func waitFor(_ number: Int) throws(FaceqError) { _ = try take(number, waits: true) }

  func give(_ number: Int) { _ = system_unlock_byte(descriptor, Int64(number)) }

  private func take(_ number: Int, waits: Bool) throws(FaceqError) -> Bool {
    while system_lock_byte(descriptor, Int64(number), waits) != 0 {
      let code = system_errno()
      if code == system_try_again || code == system_access_denied { return false }
      guard code == system_interrupted else {
        throw FaceqError("cannot lock \(path): \(systemReason(code)); choose a folder whose file system has locks")
      }
    }
    return true
  }
}
