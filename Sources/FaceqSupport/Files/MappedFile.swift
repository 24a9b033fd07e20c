import CSystem

/// A file mapped read-only into memory.
///
/// The system reads a page when it is first touched, and shares it between processes. A file that another program cuts
/// short while it is mapped ends this process, as with every mapping: replace model files by renaming, as `AtomicFile`
/// does.
package final class MappedFile: Sendable {
  package let path: FilePath
  /// The whole file, never empty. Valid as long as this object lives.
  nonisolated(unsafe) package let bytes: UnsafeRawBufferPointer

  /// Fails for what does not exist, cannot be read, is not a regular file or is empty.
  package init(path: FilePath) throws(FaceqError) {
    let descriptor = path.withCString { system_open_reading($0) }
    guard descriptor >= 0 else { throw FaceqError("cannot open \(path): \(systemReason(system_errno()))") }
    defer { _ = close(descriptor) }

    var facts = system_file_facts()
    guard system_facts_of_descriptor(descriptor, &facts) == 0 else {
      throw FaceqError("cannot examine \(path): \(systemReason(system_errno()))")
    }
    if system_is_folder(&facts) { throw FaceqError("cannot read \(path): \(systemReason(system_is_a_folder))") }
    guard system_is_regular(&facts) else {
      throw FaceqError("cannot read \(path): it is a pipe or a device; save its contents to a file and name that")
    }
    guard let count = Int(exactly: facts.size), count > 0 else {
      throw FaceqError("cannot use \(path): it is empty; copy or make it again")
    }
    guard let address = system_map_file(descriptor, count) else {
      throw FaceqError("cannot map \(path) into memory: \(systemReason(system_errno()))")
    }
    self.path = path
    self.bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    if let start = bytes.baseAddress { _ = munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
