/// The three networks of the face detector MTCNN (Zhang et al., "Joint face detection and alignment using multitask
/// cascaded convolutional networks", 2016); the raw value is the name in files.
public enum DetectorNetwork: String, Sendable, CaseIterable {
  /// P-Net: on a whole picture, in windows of 12 × 12 pixels.
  case proposal = "pnet"
  /// R-Net: on 24 × 24 pixels.
  case refinement = "rnet"
  /// O-Net: on 48 × 48 pixels.
  case output = "onet"

  /// The layers with weights, in order; each but the last has a PReLU behind it. Linear layers are convolutions over
  /// all that is left of the picture. The last one's channels: not a face, a face (before the softmax); how far to move
  /// the left, upper, right and lower side; of O-Net, the five landmarks' x and then their y.
  public var convolutions: [ConvolutionGeometry] {
    // In Embedded Swift each module would compile these literals again, as constants that differ under the same names,
    // of which the linker keeps any one (Swift 6.3.1).
    @export(interface) get {
      switch self {
      case .proposal: chain(channels: [3, 10, 16, 32, 6], kernels: [3, 3, 3, 1])
      case .refinement: chain(channels: [3, 28, 48, 64, 128, 6], kernels: [3, 3, 2, 3, 1])
      case .output: chain(channels: [3, 32, 64, 64, 128, 256, 16], kernels: [3, 3, 3, 2, 3, 1])
      }
    }
  }

  /// For each of the first convolutions, the size of the max pool behind it.
  public var pools: [Int] {
    @export(interface) get {
      switch self {
      case .proposal: [2]
      case .refinement: [3, 3]
      case .output: [3, 3, 2]
      }
    }
  }
}

/// Square convolutions one behind the other; one channel count more than kernels.
private func chain(channels: [Int], kernels: [Int]) -> [ConvolutionGeometry] {
  kernels.indices.map { index in
    ConvolutionGeometry(
      inputChannels: channels[index], outputChannels: channels[index + 1], kernelHeight: kernels[index],
      kernelWidth: kernels[index])
  }
}

/// The weights of a face detector.
public struct DetectorWeights: Sendable {
  /// Of each network, in the order of its `convolutions`.
  private var networks: [DetectorNetwork: [ConvolutionUnit]] = [:]
  /// Of each network, the checkpoint it is from.
  private var sources: [DetectorNetwork: ModelDescription.Source] = [:]

  public init() {}

  /// Empty for a network that was not set.
  public func units(_ network: DetectorNetwork) -> [ConvolutionUnit] { networks[network] ?? [] }

  /// The units must be of the shapes that `network` has.
  public mutating func set(
    _ network: DetectorNetwork, _ units: [ConvolutionUnit], source: ModelDescription.Source
  ) {
    precondition(units.map { $0.geometry } == network.convolutions)
    networks[network] = units
    sources[network] = source
  }

  /// Writes the detector as a GGUF file, which `init(path:)` reads. All networks must be set.
  public func write(to path: FilePath) throws(FaceqError) {
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("faceq"))
    writer.set(DetectorKey.kind, .string("mtcnn"))
    for network in DetectorNetwork.allCases {
      guard let source = sources[network] else { preconditionFailure("\(network.rawValue) was not set") }
      writer.set(DetectorKey.sourceName(network), .string(source.name))
      writer.set(DetectorKey.sourceSHA256(network), .string(source.sha256))
      for (index, unit) in units(network).enumerated() {
        let (prefix, geometry) = ("\(network.rawValue).\(index)", unit.geometry)
        writer.add(
          "\(prefix).weight",
          dimensions: [
            geometry.outputChannels, geometry.kernelHeight, geometry.kernelWidth, geometry.inputChannels,
          ], unit.weights)
        writer.add("\(prefix).bias", dimensions: [unit.bias.count], unit.bias)
        if let slopes = unit.slopes { writer.add("\(prefix).slope", dimensions: [slopes.count], slopes) }
      }
    }
    try writer.write(to: path)
  }

  /// Reads a detector, all of it verified.
  ///
  /// - Throws: what is wrong with the file, naming it.
  public init(path: FilePath) throws(FaceqError) {
    let file = try GGUFFile(path: path)
    guard file.value(DetectorKey.kind) == .string("mtcnn") else {
      throw FaceqError("\(path) is not a face detector; make one with scripts/fetch-detector")
    }
    try file.verifyTensors()
    let reader = ModelReader(file)
    for network in DetectorNetwork.allCases {
      let shapes = network.convolutions
      var units: [ConvolutionUnit] = []
      for (index, geometry) in shapes.enumerated() {
        let prefix = "\(network.rawValue).\(index)"
        units.append(
          ConvolutionUnit(
            geometry: geometry,
            weights: try reader.array(
              "\(prefix).weight", count: geometry.outputChannels * geometry.weightsPerOutput),
            bias: try reader.array("\(prefix).bias", count: geometry.outputChannels),
            slopes: index + 1 < shapes.count
              ? try reader.array("\(prefix).slope", count: geometry.outputChannels) : nil))
      }
      set(
        network, units,
        source: ModelDescription.Source(
          name: try file.string(DetectorKey.sourceName(network)),
          sha256: try file.string(DetectorKey.sourceSHA256(network))))
    }
  }
}

/// Metadata keys of detector files.
enum DetectorKey {
  static let kind = "faceq.detector"
  static func sourceName(_ network: DetectorNetwork) -> String { "faceq.detector.\(network.rawValue).source.name" }
  static func sourceSHA256(_ network: DetectorNetwork) -> String { "faceq.detector.\(network.rawValue).source.sha256" }
}
