import FaceqSupport

/// Reads a model file's keys and tensors, each checked for type and size.
package struct ModelReader {
  let file: GGUFFile

  package init(_ file: GGUFFile) { self.file = file }

  /// - Throws: what is wrong with the file, naming it.
  package func network() throws(FaceqError) -> Model.Content {
    let topology = try topology(ModelKey.graph)
    switch try file.string(ModelKey.precision) {
    case "float32": return .float(try floatGraph(topology))
    case "int8": return .int8(try quantisedGraph(topology))
    case let other:
      throw FaceqError("\(file.path) is of precision \(quoted(other)), which this version of faceq does not know")
    }
  }

  /// The listing under a key, as a graph without numbers.
  func topology(_ key: String) throws(FaceqError) -> Graph<Never> {
    guard file.value(key) != nil else {
      throw FaceqError(
        "\(file.path) holds no graph: it was made by an earlier version of faceq, or by another program; import or "
          + "calibrate the model again")
    }
    do { return try Graph<Never>(listing: try file.string(key)) } catch {
      throw FaceqError("\(file.path) has no usable graph: \(error.message); make the model again")
    }
  }

  /// A graph's float layers, from the tensors NODE.NAME.
  func floatGraph(_ topology: Graph<Never>) throws(FaceqError) -> Graph<FloatLayer> {
    try topology.floatLayers { node, tensor throws(FaceqError) in
      try array("\(node).\(tensor.name)", count: tensor.count)
    }
  }

  func description() throws(FaceqError) -> ModelDescription {
    var description = ModelDescription(
      architecture: try file.string(ModelKey.architecture), parameters: try file.unsigned(ModelKey.parameters),
      source: ModelDescription.Source(
        name: try file.string(ModelKey.sourceName), sha256: try file.string(ModelKey.sourceSHA256),
        origin: try file.stringIfPresent(ModelKey.sourceOrigin)),
      licence: try file.stringIfPresent(ModelKey.licence), isStandIn: file.value(ModelKey.standIn) == .bool(true))
    if file.value(ModelKey.calibrationTool) != nil {
      let drift = try file.floats(ModelKey.drift)
      guard drift.count == 5 else { throw FaceqError("\(file.path): key \"\(ModelKey.drift)\" has not 5 numbers") }
      description.calibration = ModelDescription.Calibration(
        tool: try file.string(ModelKey.calibrationTool), recipe: try file.string(ModelKey.calibrationRecipe),
        images: try file.unsigned(ModelKey.calibrationImages),
        imagesDigest: try file.string(ModelKey.calibrationDigest),
        floatDigest: try file.string(ModelKey.calibrationFloat),
        drift: DriftSummary(
          images: try file.unsigned(ModelKey.driftImages), mean: drift[0], median: drift[1], p5: drift[2],
          p1: drift[3], minimum: drift[4]),
        selfTest: try file.floats(ModelKey.selfTest))
    }
    return description
  }

  func has(_ name: String) -> Bool { file.tensorIfPresent(name) != nil }

  /// A tensor of exactly `count` elements, in the mapped file.
  func tensor<Element: GGUFElement & Sendable>(_ name: String, count: Int) throws(FaceqError) -> Tensor<Element> {
    try Tensor(try file.tensor(name), count: count)
  }

  /// As `tensor`, of finite floats.
  func finite(_ name: String, count: Int) throws(FaceqError) -> Tensor<Float> {
    let tensor: Tensor<Float> = try tensor(name, count: count)
    guard tensor.buffer.allSatisfy({ $0.isFinite }) else {
      throw FaceqError("\(file.path): tensor \"\(name)\" holds a value that is not a number; make the model again")
    }
    return tensor
  }

  func array(_ name: String, count: Int) throws(FaceqError) -> [Float] {
    let tensor = try finite(name, count: count)
    // It may be all that keeps its memory.
    return withExtendedLifetime(tensor) { Array(tensor.buffer) }
  }
}
