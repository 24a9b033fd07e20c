import Checkpoint
import FaceqSupport
import QuantRuntime

/// ONNX files: what is accepted runs.
let onnxTarget = FuzzTarget("onnx", "an ONNX file; the network that it becomes is run") { bytes in
  expectSentence { () throws(FaceqError) in
    let path = input.holding(bytes)
    guard try isONNX(path: path) else { return }
    let imported = try importONNX(path: path)
    try run(imported.graph)
    _ = try imported.embedder(path: path)
  }
}

private let input = InputFile()
