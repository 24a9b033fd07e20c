import FaceImages
import FaceqSupport
import Foundation
import TestSupport

/// Models and faces that the commands are tried on, made once by the commands themselves:
///
/// se.pth, se.gguf, rgb.gguf, se.int8.gguf (tiny_ir_se), ir.pth, ir.gguf (tiny_ir), faces/ (48 aligned faces),
/// face1.jpg … face3.jpg, and bad ones: cut.pth, cut.gguf, cut.jpg, large.jpg, empty/, mixed/ (3 good faces, 2 bad
/// ones), large/. The faces are those of ../shared where that is there, and drawn where it is not.
struct Workshop {
  static let shared = Result { try Workshop() }

  private let folder: TemporaryFolder

  private init() throws {
    folder = try TemporaryFolder()
    folder.removeAtExit()
    let files = FileManager.default
    for name in ["faces", "mixed", "large", "empty"] {
      try files.createDirectory(atPath: folder(name), withIntermediateDirectories: false)
    }
    let (faces, photo) = try pictures()
    for (index, face) in faces.enumerated() {
      try folder.write(face, to: "faces/\(100 + index).jpg")
      if index < 3 {
        try folder.write(face, to: "face\(index + 1).jpg")
        try folder.write(face, to: "mixed/\(index + 1).jpg")
      }
    }
    for name in ["large.jpg", "mixed/large.jpg", "large/large.jpg"] { try folder.write(photo, to: name) }
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

  /// 48 aligned faces and a larger picture. Drawn ones are PNG files, whatever the tests call them.
  private func pictures() throws -> (faces: [[UInt8]], photo: [UInt8]) {
    guard let data = sharedFolder else {
      try runPython([fixtures + "/draw_faces.py", folder("drawn"), "48"])
      let faces = try (100..<148).map { try folder.bytes("drawn/\($0).png") }
      if let testPictures {
        return (faces, [UInt8](try Data(contentsOf: URL(fileURLWithPath: testPictures.photos + "/jf.jpg"))))
      }
      let grey = RGBImage(width: 487, height: 620, pixels: [UInt8](repeating: 128, count: 487 * 620 * 3))
      return (faces, try encodeJPEG(grey))
    }
    func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: data + path))) }
    let names = try FileManager.default.subpathsOfDirectory(atPath: data + "/faces/calib").filter {
      $0.hasSuffix(".jpg")
    }
    return (try names.sorted().prefix(48).map { try bytes("/faces/calib/" + $0) }, try bytes("/photos/jf.jpg"))
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
