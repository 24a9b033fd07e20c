import Foundation
import TestSupport
import Testing

/// A trained network and a detector, which the command has imported.
struct Models {
  static let shared = Result { try Models() }

  let model: String
  let detector: String
  let folder: TemporaryFolder

  private init() throws {
    folder = try TemporaryFolder()
    model = folder("y1.gguf")
    detector = folder("yunet.gguf")
    foldersToRemove.append(folder.path)
    // Static storage is never released, so the folder would stay.
    atexit { for path in foldersToRemove { try? FileManager.default.removeItem(atPath: path) } }
    let models = (sharedFolder ?? "") + "/models"
    try run("faceq", "import", models + "/mobilefacenet/mobilefacenet_y1.npz", "-o", model)
    try run("faceq", "import", models + "/onnx/yunet_n_dynamic.onnx", "-o", detector)
  }
}

nonisolated(unsafe) private var foldersToRemove: [String] = []

let photos = (sharedFolder ?? "") + "/photos"
let alGore = (sharedFolder ?? "") + "/faces/dev/Al_Gore"

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
