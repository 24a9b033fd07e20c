import FaceqSupport
import Foundation
import TestSupport
import Testing

struct MappedFileTests {
  @Test func showsTheBytesOfTheFile() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let file = try MappedFile(path: FilePath(folder.file("a", bytes)))
    #expect(Array(file.bytes) == bytes)
  }

  @Test("Zeros follow, also where a file ends with a page", arguments: [1, 4095, 4096, 8192, 65_536])
  func zerosFollow(count: Int) throws {
    let folder = try TemporaryFolder(inMemory: true)
    let bytes = [UInt8](repeating: 7, count: count)
    let mapped = try MappedFile(path: FilePath(folder.file("a", bytes)))
    let copied = try bytes.withUnsafeBytes { try MappedFile(copying: $0, name: "a") }
    for file in [mapped, copied] {
      #expect(Array(file.bytes) == bytes)
      let start = try #require(file.bytes.baseAddress)
      #expect(UnsafeRawBufferPointer(start: start + count, count: 64).allSatisfy { $0 == 0 })
    }
  }

  @Test func refusesWhatIsNotAFileWithContents() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let missing = try folder.file("missing")
    expectFailure(missing, "does not exist") { _ = try MappedFile(path: FilePath(missing)) }
    expectFailure(folder.path, "folder") { _ = try MappedFile(path: FilePath(folder.path)) }
    let empty = try folder.file("empty", [])
    expectFailure(empty, "empty") { _ = try MappedFile(path: FilePath(empty)) }
    expectFailure("/dev/null", "device") { _ = try MappedFile(path: "/dev/null") }
    expectFailure("cannot open") { _ = try MappedFile(path: "") }
    let behindFile = try folder.file("file", [1]) + "/inner"
    expectFailure(behindFile, "Not a directory") { _ = try MappedFile(path: FilePath(behindFile)) }
  }

  @Test func refusesAPipeWithoutWaitingForAWriter() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let pipe = try folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    expectFailure(pipe, "pipe") { _ = try MappedFile(path: FilePath(pipe)) }
  }

  @Test(.enabled(if: getuid() != 0, "root may read every file"))
  func refusesAFileWithoutReadPermission() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let secret = try folder.file("secret", [1])
    try #require(chmod(secret, 0) == 0)
    expectFailure(secret, "permission") { _ = try MappedFile(path: FilePath(secret)) }
  }
}
