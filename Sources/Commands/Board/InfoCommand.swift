import FaceqSupport
import QuantRuntime

/// `info`: what a model file or a detector's says about itself.
package struct InfoCommand: Sendable {
  package var model: FilePath
  package var json: Bool
  /// Prints the graph instead of the facts.
  package var graph: Bool

  package init(model: FilePath, json: Bool, graph: Bool = false) {
    self.model = model
    self.json = json
    self.graph = graph
  }

  package func run(_ console: Console) throws(FaceqError) {
    if try DetectorFile.isDetector(model), case .network(let detector) = try DetectorFile(path: model) {
      let report = try DetectorReport(detector)
      return try console.print(graph ? detector.topology.listing : json ? report.json : report.text)
    }
    let report = ModelReport(try openModel(model, console))
    try console.print(graph ? report.graph : json ? report.json : report.text)
  }
}
