import Foundation

/// The folder `shared` with checkpoints, known answers and faces: the nearest one beside a folder that the package lies
/// in. Nil where there is none, or no python3 with NumPy to make the checkpoints with; tests that need it are skipped.
public let sharedData: String? = {
  var folder = URL(fileURLWithPath: #filePath)
  while folder.pathComponents.count > 1 {
    folder = folder.deletingLastPathComponent()
    let candidate = folder.appending(path: "shared").path
    if FileManager.default.fileExists(atPath: candidate + "/fixtures/make_checkpoint.py") {
      let python = try? runProgram("/usr/bin/env", ["python3", "-c", "import numpy"])
      return python?.status == 0 ? candidate : nil
    }
  }
  return nil
}()

/// Why tests are skipped.
public let sharedDataMissing = "needs the test data in ../shared, and python3 with numpy"

/// Runs `script` with python3.
public func runPython(_ script: [String]) throws {
  let result = try runProgram("/usr/bin/env", ["python3", "-B"] + script)
  guard result.status == 0 else { throw PythonFailure(message: result.errors) }
}

public struct PythonFailure: Error { public var message: String }

/// Writes the checkpoint of a fixture network (tiny_ir, tiny_ir_se or ir_se50).
public func makeCheckpoint(_ network: String, at path: String) throws {
  try runPython([(sharedData ?? "") + "/fixtures/make_checkpoint.py", network, path])
}
