import FaceqSupport
import Foundation

/// The folder `shared` with checkpoints, known answers and faces: the nearest one beside a folder that the package lies
/// in. Nil where there is none; tests that need it are skipped.
public let sharedFolder: String? = {
  var folder = URL(fileURLWithPath: #filePath)
  while folder.pathComponents.count > 1 {
    folder = folder.deletingLastPathComponent()
    let candidate = folder.appending(path: "shared").path
    if FileManager.default.fileExists(atPath: candidate + "/fixtures/make_checkpoint.py") { return candidate }
  }
  return nil
}()

/// Whether there is a python3 with NumPy to make checkpoints with.
public let hasNumPy = (try? runProgram("/usr/bin/env", ["python3", "-c", "import numpy"]))?.status == 0

/// Why tests are skipped.
public let numPyMissing = "needs python3 with numpy"

/// The folder `shared`, where there is also python3 with NumPy.
public let sharedData: String? = hasNumPy ? sharedFolder : nil

/// The package's own folder.
public let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// The folder with the scripts that make checkpoints and ONNX files, and with what PyTorch and ONNX Runtime compute from them.
public let fixtures = packageFolder + "/Tests/Fixtures"

/// The inputs of `shared/cases`, each as its README says. Nil where they are not there.
public let sharedCases: String? = sharedFolder.flatMap { folder in
  FileManager.default.fileExists(atPath: folder + "/cases/images/plain.jpg") ? folder + "/cases" : nil
}

/// Why tests are skipped.
public let sharedDataMissing = "compares with others' networks or photos, of ../shared; needs python3 with numpy"

/// Runs `script` with python3.
public func runPython(_ script: [String]) throws {
  let result = try runProgram("/usr/bin/env", ["python3", "-B"] + script)
  guard result.status == 0 else { throw PythonFailure(message: result.errors) }
}

public struct PythonFailure: Error { public var message: String }

/// Writes the checkpoint of a fixture network (tiny_ir, tiny_ir_se or ir_se50).
public func makeCheckpoint(_ network: String, at path: String) throws {
  try runPython([fixtures + "/make_checkpoint.py", network, path])
}
