import CFuzzer
import CSystem
@testable import FaceqSupport

/// A file in memory that holds one input after another.
struct InputFile: @unchecked Sendable {
  private let descriptor: Int32
  let path: FilePath

  init() {
    descriptor = fuzzer_memory_file()
    precondition(descriptor >= 0, "the system has no memory for a file")
    path = FilePath("/proc/self/fd/\(descriptor)")
  }

  /// The path of a file with these bytes, until the next call.
  func holding(_ bytes: UnsafeRawBufferPointer) -> FilePath {
    precondition(fuzzer_rewrite(descriptor, bytes.baseAddress, bytes.count), "the system has no memory for a file")
    return path
  }

  func holding(_ bytes: [UInt8]) -> FilePath { bytes.withUnsafeBytes { holding($0) } }
}

/// The bytes of a file that was written to a folder in memory.
func bytesWritten(_ write: (FilePath) throws(FaceqError) -> Void) throws(FaceqError) -> [UInt8] {
  let path = FilePath("/dev/shm/faceq-fuzz-\(getpid())")
  try write(path)
  defer { _ = path.withCString { unlink($0) } }
  let file = try MappedFile(path: path)
  return withExtendedLifetime(file) { Array(file.bytes) }
}

/// The bytes as an open file, behind whose end nothing can be read.
func memoryFile(_ bytes: [UInt8]) throws(FaceqError) -> MappedFile {
  try bytes.withUnsafeBufferPointer { buffer throws(FaceqError) in
    try MappedFile(copying: UnsafeRawBufferPointer(buffer), name: "input")
  }
}
