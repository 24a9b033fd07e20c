import SIMDKernels

/// A model file, open: its network and what it says about itself.
public final class Model: Sendable {
  public enum Content: Sendable {
    case float(Network)
    case int8(QuantisedNetwork)
  }

  public let path: FilePath
  public let description: ModelDescription
  public let network: Content
  /// 32 hexadecimal digits that stand for what decides the embeddings (`ModelDigest`). A packed model has those of the
  /// model that it was made from, because it computes the same embeddings.
  public let digest: String
  /// What earlier versions took for the digest: that of the whole file, with the name of its checkpoint.
  package let formerDigest: String
  /// Multiply-accumulates of one embedding.
  public let multiplyAccumulates: Int

  /// Opens a float or int8 model file, all of it verified.
  ///
  /// - Throws: what is wrong with it, naming the file.
  public init(path: FilePath) throws(FaceqError) {
    let file = try GGUFFile(path: path)
    if file.value(DetectorKey.kind) != nil {
      throw FaceqError(
        "\(path) is a face detector; name an embedding model, as faceq import or faceq calibrate makes it")
    }
    try file.verifyTensors()
    self.path = path
    if file.value(ModelKey.packedDigest) != nil {
      digest = try file.string(ModelKey.packedDigest)
      formerDigest =
        file.value(ModelKey.packedFormerDigest) == nil ? digest : try file.string(ModelKey.packedFormerDigest)
    } else {
      digest = ModelDigest(file).text
      formerDigest = file.digest
    }
    let reader = ModelReader(file)
    description = try reader.description()
    let geometry: NetworkGeometry
    switch try file.string(ModelKey.precision) {
    case "float32":
      let network = try reader.floatNetwork()
      geometry = network.geometry
      self.network = .float(network)
    case "int8":
      let network = try reader.quantisedNetwork()
      geometry = network.geometry
      self.network = .int8(network)
    case let other: throw FaceqError("\(path) is of precision \(other), which this version of faceq does not know")
    }
    do {
      multiplyAccumulates = try geometry.multiplyAccumulates()
    } catch {
      throw FaceqError("\(path) is not a usable model: \(error.message); make it again")
    }
  }

  /// A network in memory, as calibration makes it before it is a file. It has no digest.
  public init(_ network: Content, _ description: ModelDescription) {
    path = "a model in memory"
    digest = ""
    formerDigest = ""
    self.description = description
    self.network = network
    multiplyAccumulates = 0
  }

  /// A float network in memory.
  public convenience init(_ network: Network, _ description: ModelDescription) {
    self.init(.float(network), description)
  }

  public var input: InputFormat {
    switch network {
    case .float(let network): network.input
    case .int8(let network): network.input
    }
  }

  public var embeddingSize: Int {
    switch network {
    case .float(let network): network.head.embeddingSize
    case .int8(let network): network.head.embeddingSize
    }
  }

  /// Of the weights of dense int8 convolutions.
  public var packedOrder: PackedOrder {
    switch network {
    case .float: .fours
    case .int8(let network): network.packedOrder
    }
  }

  /// `float32` or `int8`.
  public var precision: String {
    switch network {
    case .float: "float32"
    case .int8: "int8"
    }
  }
}

/// Metadata keys of faceq's model files.
enum ModelKey {
  static let precision = "faceq.precision"
  static let architecture = "faceq.architecture"
  static let parameters = "faceq.parameters"
  static let embeddingSize = "faceq.embedding_size"
  static let inputHeight = "faceq.input.height"
  static let inputWidth = "faceq.input.width"
  static let inputChannels = "faceq.input.channels"
  static let inputDivisor = "faceq.input.divisor"
  static let sourceName = "faceq.source.name"
  static let sourceSHA256 = "faceq.source.sha256"
  static let standIn = "faceq.stand_in"
  static let blocks = "faceq.blocks"
  static let packedOrder = "faceq.packed.order"
  static let packedDigest = "faceq.packed.digest"
  static let packedFormerDigest = "faceq.packed.former_digest"
  static let calibrationTool = "faceq.calibration.tool"
  static let calibrationRecipe = "faceq.calibration.recipe"
  static let calibrationImages = "faceq.calibration.images"
  static let calibrationDigest = "faceq.calibration.images_sha256"
  static let calibrationFloat = "faceq.calibration.float_digest"
  static let drift = "faceq.drift"
  static let driftImages = "faceq.drift.images"
  static let selfTest = "faceq.self_test.embedding"
  /// `PREFIX.geometry`: input channels, output channels, kernel height, kernel width, stride, padding, groups.
  static func geometry(_ prefix: String) -> String { "faceq.\(prefix).geometry" }
  /// The largest magnitude of what a layer with int16 weights reads; the image (255) and the trunk (32768) go without
  /// saying.
  static func largestInput(_ prefix: String) -> String { "faceq.\(prefix).largest_input" }
  /// `none`, `identity`, `subsample N` or `convolution`.
  static func shortcut(_ prefix: String) -> String { "faceq.\(prefix).shortcut" }
}
