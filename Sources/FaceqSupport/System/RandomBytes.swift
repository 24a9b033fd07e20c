import CSystem

/// Bytes that nobody can guess, from the system.
///
/// - Throws: where the system has none.
package func randomBytes(_ count: Int) throws(FaceqError) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  guard system_getrandom(&bytes, count, 0) == count else {
    throw FaceqError("the system gives no random bytes: \(systemReason(system_errno()))")
  }
  return bytes
}
