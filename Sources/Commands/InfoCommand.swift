import QuantRuntime

/// `info`: what a model file says about itself.
public struct InfoCommand: Sendable {
  public var model: FilePath
  public var json: Bool

  public init(model: FilePath, json: Bool) {
    self.model = model
    self.json = json
  }

  public func run(_ console: Console) throws(FaceqError) {
    let report = ModelReport(try openModel(model, console))
    try console.print(json ? report.json : report.text)
  }
}
