import FaceqSupport
import Foundation
import TestSupport

/// Models and faces that the commands are tried on, made once by the commands themselves:
///
/// se.pth, se.gguf, rgb.gguf, se.int8.gguf (tiny_ir_se), ir.pth, ir.gguf (tiny_ir), faces/ (48 aligned faces),
/// face1.jpg … face3.jpg, and bad ones: cut.pth, cut.gguf, cut.jpg, large.jpg, empty/, mixed/ (3 good faces, 2 bad
/// ones), large/.
struct Workshop {
  static let shared = Result { try Workshop() }

  private let folder: TemporaryFolder

  private init() throws {
    folder = try TemporaryFolder()
    // Static storage is never released, so the folder would stay.
    removeAtExit(folder.path)
    let data = sharedData ?? ""
    let files = FileManager.default
    let photos = try files.subpathsOfDirectory(atPath: data + "/faces/calib").filter { $0.hasSuffix(".jpg") }.sorted()
    for name in ["faces", "mixed", "large", "empty"] {
      try files.createDirectory(atPath: folder(name), withIntermediateDirectories: false)
    }
    func copy(_ source: String, _ name: String) throws {
      try files.copyItem(atPath: data + source, toPath: folder(name))
    }
    for (index, photo) in photos.prefix(48).enumerated() {
      try copy("/faces/calib/" + photo, "faces/\(100 + index).jpg")
      if index < 3 {
        try copy("/faces/calib/" + photo, "face\(index + 1).jpg")
        try copy("/faces/calib/" + photo, "mixed/\(index + 1).jpg")
      }
    }
    for name in ["large.jpg", "mixed/large.jpg", "large/large.jpg"] { try copy("/photos/jf.jpg", name) }
    for (network, name) in [("tiny_ir_se", "se"), ("tiny_ir", "ir")] {
      try makeCheckpoint(network, at: folder("\(name).pth"))
      try faceq("import", "\(name).pth", "-o", "\(name).gguf")
    }
    try faceq("import", "se.pth", "-o", "rgb.gguf", "--channels", "rgb")
    try faceq("calibrate", "se.gguf", "faces", "-o", "se.int8.gguf")
    for (source, name) in [("se.pth", "cut.pth"), ("se.gguf", "cut.gguf"), ("face1.jpg", "cut.jpg")] {
      let bytes = try folder.bytes(source)
      try folder.write(bytes.prefix(bytes.count / 2), to: name)
    }
    try folder.write(try folder.bytes("cut.jpg"), to: "mixed/cut.jpg")
  }

  private func faceq(_ arguments: String...) throws {
    let result = try runProgram(faceqPath, arguments, in: folder.path)
    guard result.status == 0 else { throw CommandFailure(message: result.errors) }
  }

  /// A new folder in which everything of the workshop can be reached by its name.
  func bench() throws -> Bench {
    let bench = try TemporaryFolder()
    for name in try folder.names() {
      try FileManager.default.createSymbolicLink(atPath: bench(name), withDestinationPath: folder(name))
    }
    return Bench(folder: bench, inputs: try bench.names())
  }
}

struct CommandFailure: Error { var message: String }

/// One test's own folder.
struct Bench {
  let folder: TemporaryFolder
  let inputs: Set<String>

  /// Without a face detector, whether or not this machine has one, unless `environment` names it.
  func faceq(_ arguments: [String], environment: [String: String] = [:]) throws -> ProgramResult {
    try runProgram(
      faceqPath, arguments, in: folder.path,
      environment: ["FACEQ_DETECTOR": "none.gguf"].merging(environment) { $1 })
  }

  func faceq(_ arguments: String...) throws -> ProgramResult { try faceq(arguments) }

  /// Files that were not there at first.
  func newFiles() throws -> Set<String> { try folder.names().subtracting(inputs) }

  /// The rows of a .npy file.
  func rows(_ name: String) throws -> [[Float]] {
    let (shape, values) = try readNPY(path: FilePath(folder(name)))
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }
}

/// The built program, beside the tests' own.
let faceqPath: String = {
  let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  return tests.deletingLastPathComponent().appending(path: "faceq").path
}()

/// A JSON object's members.
func members(_ text: String) throws -> [String: Any] {
  let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
  guard let members = value as? [String: Any] else { throw CommandFailure(message: "not an object: \(text)") }
  return members
}

nonisolated(unsafe) private var foldersToRemove: [String] = []

private func removeAtExit(_ path: String) {
  foldersToRemove.append(path)
  atexit { for path in foldersToRemove { try? FileManager.default.removeItem(atPath: path) } }
}
