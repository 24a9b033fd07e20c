import FaceqSupport
import SIMDKernels

/// Writes what `ModelReader` reads.
struct ModelWriter {
  var file = GGUFWriter()

  init() {}

  init(_ description: ModelDescription, precision: String, listing: String) {
    file.set("general.architecture", .string("faceq"))
    file.set("general.name", .string(description.architecture))
    file.set(ModelKey.precision, .string(precision))
    file.set(ModelKey.graph, .string(listing))
    file.set(ModelKey.architecture, .string(description.architecture))
    file.set(ModelKey.parameters, .uint64(UInt64(description.parameters)))
    file.set(ModelKey.sourceName, .string(description.source.name))
    file.set(ModelKey.sourceSHA256, .string(description.source.sha256))
    if let origin = description.source.origin { file.set(ModelKey.sourceOrigin, .string(origin)) }
    if let licence = description.licence { file.set(ModelKey.licence, .string(licence)) }
    file.set(ModelKey.standIn, .bool(description.isStandIn))
    if let calibration = description.calibration {
      let drift = calibration.drift
      file.set(ModelKey.calibrationTool, .string(calibration.tool))
      file.set(ModelKey.calibrationRecipe, .string(calibration.recipe))
      file.set(ModelKey.calibrationImages, .uint64(UInt64(calibration.images)))
      file.set(ModelKey.calibrationDigest, .string(calibration.imagesDigest))
      file.set(ModelKey.calibrationFloat, .string(calibration.floatDigest))
      file.set(ModelKey.driftImages, .uint64(UInt64(drift.images)))
      file.set(ModelKey.drift, .float32Array([drift.mean, drift.median, drift.p5, drift.p1, drift.minimum]))
      file.set(ModelKey.selfTest, .float32Array(calibration.selfTest))
    }
  }

  mutating func add<Element: GGUFElement>(_ name: String, _ tensor: Tensor<Element>, dimensions: [Int]? = nil) {
    file.add(name, dimensions: dimensions ?? [tensor.count]) { () throws(FaceqError) -> [Element] in
      Array(tensor.buffer)
    }
  }

  /// Adds the tensors of all float layers of a graph.
  ///
  /// - Throws: where the graph is not well formed.
  mutating func add(_ graph: Graph<FloatLayer>) throws(FaceqError) {
    try graph.check()
    try graph.checkNames()
    let shapes = try graph.shapes()
    for node in graph.nodes {
      guard let input = node.inputs.first, let layer = node.layer else { continue }
      for (tensor, values) in zip(node.operation.layerTensors(inputs: shapes[input].channels), layer.tensors) {
        file.add("\(node.name).\(tensor.name)", dimensions: tensor.dimensions, values)
      }
    }
  }
}

extension ModelWriter {
  /// Adds the tensors of all layers of a quantised graph.
  ///
  /// - Throws: where a node has no usable name.
  mutating func add(_ graph: Graph<QuantisedLayer>) throws(FaceqError) {
    try graph.checkNames()
    for node in graph.nodes {
      if let layer = node.layer { add(node.name, layer) }
    }
  }
}

extension Graph<FloatLayer> {
  /// Writes a float model file.
  ///
  /// - Throws: where the graph is not well formed or the file cannot be written.
  package func write(to path: FilePath, _ description: ModelDescription) throws(FaceqError) {
    var writer = ModelWriter(description, precision: "float32", listing: listing)
    try writer.add(self)
    try writer.file.write(to: path)
  }
}

extension Graph<QuantisedLayer> {
  /// Writes an int8 model file.
  ///
  /// - Parameter model: of which the weights are the same in another order; nil where there is none.
  /// - Throws: where the graph is not well formed or the file cannot be written.
  package func write(
    to path: FilePath, _ description: ModelDescription, packedFrom model: Model? = nil
  ) throws(FaceqError) {
    var writer = ModelWriter(description, precision: "int8", listing: listing)
    if let model {
      writer.file.set(ModelKey.packedOrder, .string(packedOrder.rawValue))
      writer.file.set(ModelKey.packedDigest, .string(model.digest))
    }
    try writer.add(self)
    try writer.file.write(to: path)
  }
}

extension Graph {
  /// Checks that tensors can be named after the nodes.
  fileprivate func checkNames() throws(FaceqError) {
    for node in nodes where node.layer != nil {
      guard !node.name.isEmpty, node.name.utf8.count <= 48 else {
        throw FaceqError("a node with numbers has a name of 1 to 48 bytes, and not \"\(node.name)\"")
      }
    }
  }
}
