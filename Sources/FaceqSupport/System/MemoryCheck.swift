import CSystem

/// Fails where the system would refuse so many bytes: what Swift allocates itself ends the process then.
package func checkMemory(_ bytes: Int) throws(FaceqError) {
  guard bytes <= 0 || system_has_memory(bytes) else {
    throw FaceqError("there is no memory for \(bytes) bytes; close something else, or use smaller pictures", .memory)
  }
}
