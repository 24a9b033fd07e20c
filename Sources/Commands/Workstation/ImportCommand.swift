import Checkpoint
import Commands
import FaceqSupport
import QuantRuntime

/// `import`: a float model of a trained checkpoint or an ONNX file, or a face detector of three checkpoints.
package struct ImportCommand: Sendable {
  package enum Source: Sendable {
    case network(FilePath, ImportChoice)
    /// A folder with MTCNN's three checkpoints.
    case detector(folder: FilePath)
  }

  package var source: Source
  package var output: FilePath

  package init(_ source: Source, output: FilePath) {
    self.source = source
    self.output = output
  }

  package func run(_ console: Console) throws(FaceqError) {
    try checkWritable(output)
    switch source {
    case .detector(let folder):
      try importDetector(folder: folder).write(to: output)
      try console.print("\(output): face detector MTCNN, from \(folder)")
    case .network(let file, let choice):
      try refuseToOverwrite(file, with: output)
      let imported: ImportedNetwork
      if try isONNX(path: file) {
        let onnx = try importONNX(path: file, choice: choice.pixels, size: choice.size)
        if let detector = try networkDetector(onnx, path: file, choice) {
          try detector.write(to: output)
          return try InfoCommand(model: output, json: false).run(console)
        }
        imported = try onnx.embedder(path: file, choice)
      } else {
        imported = try importCheckpoint(path: file, choice)
      }
      try imported.graph.write(to: output, imported.description)
      let report = ModelReport(
        try Model(path: output), contractReason: imported.contract + "; --channels, --mean and --std overrule it")
      let place = imported.place == "." ? "" : "tensors       those in \(imported.place)\n"
      try console.print(place + report.text)
    }
  }
}
