import FaceqSupport
import SIMDKernels

/// A model file, open: its network and what it says about itself.
public final class Model: Sendable {
  package enum Content: Sendable {
    case float(Graph<FloatLayer>)
    case int8(Graph<QuantisedLayer>)

    var topology: Graph<Never> {
      switch self {
      case .float(let graph): graph.topology
      case .int8(let graph): graph.topology
      }
    }
  }

  public let path: FilePath
  public let description: ModelDescription
  package let network: Content
  /// 32 hexadecimal digits that stand for what decides the embeddings (`ModelDigest`). A packed model has those of the
  /// model that it was made from, because it computes the same embeddings.
  public let digest: String
  /// What the network was trained to be fed.
  public let image: ImageFormat
  private let isOneVector: Bool
  /// Components of an embedding.
  public let embeddingSize: Int
  /// Multiply-accumulates of one embedding.
  public let multiplyAccumulates: Int

  /// Opens a float or int8 model file, all of it verified.
  ///
  /// - Throws: what is wrong with it, naming the file.
  public convenience init(path: FilePath) throws(FaceqError) {
    try self.init(try GGUFFile(path: path))
  }

  /// As the other initialiser, of a file that is open.
  package convenience init(_ file: GGUFFile) throws(FaceqError) {
    let path = file.path
    if file.value(DetectorKey.kind) != nil {
      throw FaceqError("\(path) is a face detector; name an embedding model, as an import or a calibration makes it")
    }
    try file.verifyTensors()
    let reader = ModelReader(file)
    let digest =
      file.value(ModelKey.packedDigest) == nil ? ModelDigest(file).text : try file.string(ModelKey.packedDigest)
    let (network, description) = (try reader.network(), try reader.description())
    do { try self.init(network, description, path: path, digest: digest) } catch {
      throw FaceqError("\(path) is not a usable model: \(error.message); make it again")
    }
    guard isOneVector else {
      throw FaceqError("\(path) is not a usable model: it hands out something else than one vector; make it again")
    }
  }

  /// A network in memory, as calibration makes it before it is a file: for embeddings, or with any outputs where only
  /// its values are observed.
  ///
  /// - Parameter digest: that of the file that it is from, where there is one.
  /// - Throws: where the graph is not well formed.
  package convenience init(
    _ network: Content, _ description: ModelDescription, digest: String = ""
  ) throws(FaceqError) {
    try self.init(network, description, path: "a model in memory", digest: digest)
  }

  private convenience init(
    _ network: Content, _ description: ModelDescription, path: FilePath, digest: String
  ) throws(FaceqError) {
    let topology = network.topology
    let image = try topology.image
    let multiplyAccumulates = try topology.multiplyAccumulates().reduce(0, +)
    self.init(network, description, path, digest, image, try topology.shapes(), multiplyAccumulates)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(
    _ network: Content, _ description: ModelDescription, _ path: FilePath, _ digest: String, _ image: ImageFormat,
    _ shapes: [Extent], _ multiplyAccumulates: Int
  ) {
    self.path = path
    self.digest = digest
    self.description = description
    self.network = network
    self.image = image
    self.multiplyAccumulates = multiplyAccumulates
    let outputs = network.topology.outputs
    isOneVector = outputs.count == 1 && shapes[outputs[0]].pixels == 1
    embeddingSize = shapes[outputs[0]].channels
  }

  /// The operations of the network, without their numbers.
  package var topology: Graph<Never> { network.topology }

  /// `float32` or `int8`.
  public var precision: String {
    switch network {
    case .float: "float32"
    case .int8: "int8"
    }
  }

  /// The order of the weights of dense int8 convolutions.
  package var packedOrder: PackedOrder { if case .int8(let graph) = network { graph.packedOrder } else { .fours } }

  /// The names of the layers whose weights and inputs are int16 by choice; of a float model none.
  package var int16Layers: [String] {
    if case .int8(let graph) = network { graph.int16Layers } else { [] }
  }

  /// The share of the work that nodes do, 0…1.
  package func workShare(of names: [String]) -> Double {
    let topology = topology
    guard let work = try? topology.multiplyAccumulates() else { return 0 }
    let chosen = Set(names)
    let part = topology.nodes.indices.reduce(0) { chosen.contains(topology.nodes[$1].name) ? $0 + work[$1] : $0 }
    return Double(part) / Double(max(multiplyAccumulates, 1))
  }
}

/// Metadata keys of faceq's model files.
enum ModelKey {
  static let graph = "faceq.graph"
  static let precision = "faceq.precision"
  static let architecture = "faceq.architecture"
  static let parameters = "faceq.parameters"
  static let sourceName = "faceq.source.name"
  static let sourceSHA256 = "faceq.source.sha256"
  static let sourceOrigin = "faceq.source.origin"
  /// The key that every GGUF file has for it.
  static let licence = "general.license"
  static let standIn = "faceq.stand_in"
  static let packedOrder = "faceq.packed.order"
  static let packedDigest = "faceq.packed.digest"
  static let calibrationTool = "faceq.calibration.tool"
  static let calibrationRecipe = "faceq.calibration.recipe"
  static let calibrationImages = "faceq.calibration.images"
  static let calibrationDigest = "faceq.calibration.images_sha256"
  static let calibrationFloat = "faceq.calibration.float_digest"
  static let drift = "faceq.drift"
  static let driftImages = "faceq.drift.images"
  static let selfTest = "faceq.self_test.embedding"
  /// The largest magnitude of what a layer with int16 weights reads.
  static func largestInput(_ node: String) -> String { "faceq.node.\(node).largest_input" }
  /// The number of pixels that a mean was calibrated at.
  static func pixels(_ node: String) -> String { "faceq.node.\(node).pixels" }
}
