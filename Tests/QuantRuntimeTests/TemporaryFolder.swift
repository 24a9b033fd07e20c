import FaceqSupport
import Foundation
import Testing

/// A folder of its own for one test, removed at the end.
final class TemporaryFolder {
  let path: String

  init() throws {
    // Some tests write thousands of files, which a disk makes slow: in memory where that is possible.
    let manager = FileManager.default
    let parent = manager.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : manager.temporaryDirectory.path
    path = parent + "/faceq-test-\(UUID().uuidString)"
    try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in this folder, with `bytes` in it where there are any.
  func file(_ name: String, _ bytes: [UInt8]? = nil) throws -> String {
    let path = path + "/" + name
    if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
    return path
  }

  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

func contents(of path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

/// Runs `body`, which must fail with one sentence that contains each of `parts`.
func expectFailure(
  _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  let error = #expect(throws: FaceqError.self, sourceLocation: sourceLocation) { try body() }
  guard let message = error?.message else { return }
  #expect(!message.contains("\n") && message.count < 500, "not one line: \(message)", sourceLocation: sourceLocation)
  for part in parts {
    #expect(message.contains(part), "'\(part)' is not in: \(message)", sourceLocation: sourceLocation)
  }
}
