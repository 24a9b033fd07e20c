import CSystem

/// Fails where the system would refuse so many bytes: what Swift allocates itself ends the process then.
package func checkMemory(_ bytes: Int) throws(FaceqError) {
  guard let memory = malloc(bytes) else {
    throw FaceqError("there is no memory for \(bytes) bytes; close something else, or use smaller pictures", .memory)
  }
  free(memory)
}
