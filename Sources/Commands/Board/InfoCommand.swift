import QuantRuntime

/// `info`: what a model file says about itself.
public struct InfoCommand: Sendable {
  public var model: FilePath
  public var json: Bool
  /// Prints the graph instead of the facts.
  public var graph: Bool

  public init(model: FilePath, json: Bool, graph: Bool = false) {
    self.model = model
    self.json = json
    self.graph = graph
  }

  public func run(_ console: Console) throws(FaceqError) {
    let report = ModelReport(try openModel(model, console))
    try console.print(graph ? report.graph : json ? report.json : report.text)
  }
}
