import Checkpoint
import FaceqSupport
import TestSupport
import Testing

/// What a checkpoint may ask for at most.
@Suite("Limits of checkpoints") struct CheckpointLimitTests {
  @Test("a text of more than a megabyte in a pickle")
  func text() throws {
    let folder = try TemporaryFolder()
    let long = LegacyPickle.text(String(repeating: "a", count: (1 << 20) + 1))
    let path = try folder.write(LegacyPickle.file(LegacyPickle.dictionary(long)))
    expectFailure(path, naming: "holds a text of 1048577 bytes") { try StateDict(path: FilePath(path)) }
  }

  @Test("tensors that share their bytes more than four times")
  func overlap() throws {
    let folder = try TemporaryFolder()
    func file(_ count: Int) throws -> String {
      let tensors = (0..<count).flatMap {
        LegacyPickle.text("t\($0)") + LegacyPickle.tensor(count: 5_000, shape: [5_000], strides: [1]) + Array("s".utf8)
      }
      return try folder.write(LegacyPickle.file(Array("}".utf8) + tensors, storageCount: 5_000))
    }
    #expect(try StateDict(path: FilePath(file(3))).names.count == 3)
    let path = try file(20)
    expectFailure(path, naming: "more than four times the file's size") { try StateDict(path: FilePath(path)) }
  }

  @Test("a header of more than 16 MiB in a .safetensors file")
  func header() throws {
    let folder = try TemporaryFolder()
    let length = (16 << 20) + 1
    let path = try folder.write(LegacyPickle.little(UInt64(length)) + Array("{".utf8))
    expectFailure(path) { try StateDict(path: FilePath(path)) }
  }
}
