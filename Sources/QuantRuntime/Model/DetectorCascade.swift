import FaceqSupport

/// The three networks of the face detector MTCNN (Zhang et al., "Joint face detection and alignment using multitask
/// cascaded convolutional networks", 2016); the raw value is the name in files.
package enum DetectorNetwork: String, Sendable, CaseIterable {
  /// P-Net: on a whole picture, in windows of 12 × 12 pixels.
  case proposal = "pnet"
  /// R-Net: on 24 × 24 pixels.
  case refinement = "rnet"
  /// O-Net: on 48 × 48 pixels.
  case output = "onet"

  /// What the network hands out: not a face, a face (before the softmax); how far to move the left, upper, right and lower
  /// side; of O-Net, the five landmarks' x and then their y.
  var outputChannels: Int {
    switch self {
    case .proposal, .refinement: 6
    case .output: 16
    }
  }
}

/// The three networks of MTCNN.
package struct DetectorCascade: Sendable {
  static let kind = "mtcnn"

  private var graphs: [DetectorNetwork: Graph<FloatLayer>] = [:]
  /// Of each network, the checkpoint it is from.
  private var sources: [DetectorNetwork: ModelDescription.Source] = [:]
  /// 32 hexadecimal digits that stand for what decides the faces (`ModelDigest`); empty where there is no file yet.
  let digest: String

  package init() { digest = "" }

  /// A network, which must be there.
  package func graph(_ network: DetectorNetwork) -> Graph<FloatLayer> {
    guard let graph = graphs[network] else { preconditionFailure("\(network.rawValue) was set") }
    return graph
  }

  package mutating func set(
    _ network: DetectorNetwork, _ graph: Graph<FloatLayer>, source: ModelDescription.Source
  ) {
    graphs[network] = graph
    sources[network] = source
  }

  /// Writes the detector as a GGUF file, which `DetectorFile(path:)` reads. All networks must be set.
  package func write(to path: FilePath) throws(FaceqError) {
    var writer = ModelWriter()
    writer.file.set("general.architecture", .string("faceq"))
    writer.file.set(DetectorKey.kind, .string(Self.kind))
    for network in DetectorNetwork.allCases {
      guard let source = sources[network] else { preconditionFailure("\(network.rawValue) was set") }
      writer.file.set(DetectorKey.sourceName(network), .string(source.name))
      writer.file.set(DetectorKey.sourceSHA256(network), .string(source.sha256))
      writer.file.set(DetectorKey.graph(network), .string(graph(network).listing))
      try writer.add(graph(network))
    }
    try writer.file.write(to: path)
  }

  init(_ file: GGUFFile) throws(FaceqError) {
    digest = ModelDigest(file).text
    let reader = ModelReader(file)
    for network in DetectorNetwork.allCases {
      let topology = try reader.topology(DetectorKey.graph(network))
      let shapes = try topology.shapes()
      guard topology.outputs.count == 1, shapes[topology.outputs[0]].channels == network.outputChannels else {
        throw FaceqError(
          "\(file.path): \(network.rawValue) is not that of MTCNN; make it again with scripts/fetch-detector")
      }
      set(
        network, try reader.floatGraph(topology),
        source: ModelDescription.Source(
          name: try file.string(DetectorKey.sourceName(network)),
          sha256: try file.string(DetectorKey.sourceSHA256(network))))
    }
  }
}
