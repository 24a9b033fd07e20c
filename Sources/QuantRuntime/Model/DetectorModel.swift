import FaceqSupport

/// A face detector that is one network, as a file holds it.
package struct DetectorModel: Sendable {
  package var path: FilePath
  package var rule: DetectorRule
  package var network: Model.Content
  package var description: ModelDescription
  /// 32 hexadecimal digits that stand for what decides the faces (`ModelDigest`); empty where there is no file yet.
  package let digest: String

  /// A network in memory, as it is before there is a file.
  package init(_ network: Model.Content, _ rule: DetectorRule, _ description: ModelDescription) {
    path = "a detector in memory"
    digest = ""
    (self.network, self.rule, self.description) = (network, rule, description)
  }

  init(_ file: GGUFFile) throws(FaceqError) {
    path = file.path
    digest = ModelDigest(file).text
    rule = try DetectorRule(file)
    let reader = ModelReader(file)
    network = try reader.network()
    description = try reader.description()
    let outputs = topology.outputs.count
    guard outputs == rule.strides.count else {
      throw FaceqError(
        "\(file.path) has \(outputs) outputs and \(rule.strides.count) strides; make the detector again")
    }
  }

  /// The detector with other numbers in its network.
  ///
  /// - Parameter calibration: how they came about.
  package func quantised(
    _ graph: Graph<QuantisedLayer>, _ calibration: ModelDescription.Calibration?
  ) -> DetectorModel {
    var description = description
    description.calibration = calibration
    return DetectorModel(.int8(graph), rule, description)
  }

  /// The network as a model of pictures of one size, whose values can be observed.
  ///
  /// - Throws: where the network is not a float one, or does not fit the size.
  package func observable(side: Int) throws(FaceqError) -> Model {
    guard case .float(var graph) = network else {
      throw FaceqError("\(path) is an int8 detector already; calibrate the float detector that it was made from")
    }
    var image = try graph.image
    (image.height, image.width) = (side, side)
    graph.nodes[0].operation = .image(image)
    return try Model(.float(graph), description, digest: digest)
  }

  /// The operations of the network, without their numbers.
  package var topology: Graph<Never> {
    switch network {
    case .float(let graph): graph.topology
    case .int8(let graph): graph.topology
    }
  }

  /// `float32` or `int8`.
  package var precision: String {
    switch network {
    case .float: "float32"
    case .int8: "int8"
    }
  }

  /// Writes the detector's file, which `DetectorFile(path:)` reads.
  ///
  /// - Throws: where the graph is not well formed or the file cannot be written.
  package func write(to path: FilePath) throws(FaceqError) {
    var writer: ModelWriter
    switch network {
    case .float(let graph):
      writer = ModelWriter(description, precision: "float32", listing: graph.listing)
      try writer.add(graph)
    case .int8(let graph):
      writer = ModelWriter(description, precision: "int8", listing: graph.listing)
      try writer.add(graph)
    }
    rule.write(to: &writer.file)
    try writer.file.write(to: path)
  }
}
