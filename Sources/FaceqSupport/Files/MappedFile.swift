import CSystem

/// A file mapped read-only into memory, or a copy of one there.
///
/// The system reads a page when it is first touched, and shares it between processes. A file that another program cuts
/// short while it is mapped ends this process, as with every mapping: replace model files by renaming, as `AtomicFile`
/// does.
package final class MappedFile: Sendable {
  package let path: FilePath
  /// The whole file, never empty, after which 64 zeros lie that kernels may read. Valid as long as this object lives.
  nonisolated(unsafe) package let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Fails for what does not exist, cannot be read, is not a regular file or is empty.
  package convenience init(path: FilePath) throws(FaceqError) {
    self.init(path, try map(path), isMapped: true)
  }

  /// A copy of a file's bytes in memory.
  ///
  /// - Parameter name: what errors call it.
  /// - Throws: where there are no bytes, or no memory.
  package convenience init(copying bytes: UnsafeRawBufferPointer, name: FilePath) throws(FaceqError) {
    guard !bytes.isEmpty else { throw FaceqError("cannot use \(name): it is empty; copy or make it again") }
    try checkMemory(bytes.count)
    let zeros = Int(system_zeros_after_file)
    // Kernels read weights that begin where a mapped file's would.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + zeros, alignment: 4096)
    copy.copyMemory(from: bytes)
    for index in bytes.count..<copy.count { copy[index] = 0 }
    self.init(name, UnsafeRawBufferPointer(rebasing: copy[..<bytes.count]), isMapped: false)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ path: FilePath, _ bytes: UnsafeRawBufferPointer, isMapped: Bool) {
    self.path = path
    self.bytes = bytes
    self.isMapped = isMapped
  }

  deinit {
    guard isMapped else { return bytes.deallocate() }
    if let start = bytes.baseAddress { system_unmap_file(start, bytes.count) }
  }
}

/// Not inlined: modules have copies of initialisers in Embedded Swift, and this is not small.
@inline(never)
private func map(_ path: FilePath) throws(FaceqError) -> UnsafeRawBufferPointer {
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
  return UnsafeRawBufferPointer(start: address, count: count)
}
