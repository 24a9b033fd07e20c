import QuantRuntime

/// `info`: what a model file says about itself.
package struct InfoCommand: Sendable {
  package var model: FilePath
  package var json: Bool

  package init(model: FilePath, json: Bool) {
    self.model = model
    self.json = json
  }

  package func run(_ console: Console) throws(FaceqError) {
    let report = ModelReport(try openModel(model, console))
    try console.print(json ? report.json : report.text)
  }
}
