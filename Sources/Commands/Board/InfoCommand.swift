import FaceqSupport
import QuantRuntime

/// `info`: what a model file or a detector's says about itself.
package struct InfoCommand: Sendable {
  package var model: FilePath
  package var json: Bool

  package init(model: FilePath, json: Bool) {
    self.model = model
    self.json = json
  }

  package func run(_ console: Console) throws(FaceqError) {
    if try DetectorFile.isDetector(model), case .network(let detector) = try DetectorFile(path: model) {
      let report = try DetectorReport(detector)
      return try console.print(json ? report.json : report.text)
    }
    let report = ModelReport(try openModel(model, console))
    try console.print(json ? report.json : report.text)
  }
}
