import Foundation
import TestSupport
import Testing

/// A trained network and a detector, both in float.
struct Models {
  static let shared = Result { try Models() }

  let model: String
  let detector: String
  let folder: TemporaryFolder
  /// The folder of the photos, and pictures of faces.
  let photos: String
  let pictures: TestPictures

  private init() throws {
    folder = try TemporaryFolder()
    folder.removeAtExit()
    model = folder("model.gguf")
    detector = folder("detector.gguf")
    pictures = try #require(testPictures)
    photos = pictures.photos
    try run("faceq", "import", trainedCheckpoint, "-o", model)
    try #require(networkDetector).write(to: detector, faceq: program("faceq"))
  }
}

/// The path of a built program, beside the tests' own.
func program(_ name: String) -> String {
  let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  return tests.deletingLastPathComponent().appending(path: name).path
}

/// What a program of this package prints.
@discardableResult
func run(_ name: String, _ arguments: String...) throws -> String {
  let result = try runProgram(program(name), arguments)
  guard result.status == 0 else { throw ProgramFailure(message: result.errors) }
  return result.output
}

struct ProgramFailure: Error { var message: String }
