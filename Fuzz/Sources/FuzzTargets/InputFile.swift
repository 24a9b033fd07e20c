import FaceqSupport
import Glibc

/// A file in memory that holds one input after another.
struct InputFile: @unchecked Sendable {
  private let descriptor: Int32
  let path: FilePath

  init() {
    let named = memoryPath("input")
    descriptor = named.withCString { Glibc.open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    precondition(descriptor >= 0, "the system has no memory for a file")
    _ = named.withCString { Glibc.unlink($0) }
    path = FilePath("/proc/self/fd/\(descriptor)")
  }

  /// The path of a file with these bytes, until the next call.
  func holding(_ bytes: UnsafeRawBufferPointer) -> FilePath {
    rewrite(descriptor, bytes)
    return path
  }

  func holding(_ bytes: [UInt8]) -> FilePath { bytes.withUnsafeBytes { holding($0) } }
}

/// A path of this process's own in a folder in memory.
func memoryPath(_ name: String) -> FilePath { FilePath("/dev/shm/faceq-fuzz-\(Glibc.getpid())-\(name)") }

/// Replaces what an open file holds.
func rewrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) {
  let isEmpty = ftruncate(descriptor, 0) == 0
  let isWritten = isEmpty && Glibc.pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
  precondition(isWritten, "the system has no memory for a file")
}

/// The bytes of a file that was written to a folder in memory.
func bytesWritten(_ write: (FilePath) throws(FaceqError) -> Void) throws(FaceqError) -> [UInt8] {
  let path = memoryPath("written")
  try write(path)
  defer { _ = path.withCString { Glibc.unlink($0) } }
  let file = try MappedFile(path: path)
  return withExtendedLifetime(file) { Array(file.bytes) }
}

/// The bytes as an open file, behind whose end nothing can be read.
func memoryFile(_ bytes: [UInt8]) throws(FaceqError) -> MappedFile {
  try bytes.withUnsafeBufferPointer { buffer throws(FaceqError) in
    try MappedFile(copying: UnsafeRawBufferPointer(buffer), name: "input")
  }
}
