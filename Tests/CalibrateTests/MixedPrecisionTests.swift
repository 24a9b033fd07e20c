import Calibrate
import QuantRuntime
import TestSupport
import Testing

/// Networks with layers at int16, chosen by hand.
struct MixedPrecisionTests {
  private static let float = Model(
    bottleneckNetwork(),
    ModelDescription(
      architecture: "bottlenecks", parameters: 0, source: ModelDescription.Source(name: "test", sha256: ""),
      isStandIn: true))
  /// Dense and depthwise layers, each int16 behind int8, int8 behind int16, and int16 behind int16.
  private static let mixture = [
    "stem.1", "blocks.0.body.1", "blocks.1.body.0", "blocks.1.body.1", "blocks.2.body.0", "blocks.2.body.2",
    "blocks.3.body.1", "blocks.3.body.2", "tail.1",
  ]
  private static let mixed = Result { try calibrate(mixture) }
  private static let int16 = Result { try calibrate(nil) }

  /// - Parameter layers: those at int16; nil: all.
  private static func calibrate(
    _ layers: [String]?
  ) throws -> (network: QuantisedNetwork, description: ModelDescription) {
    let int16 = LayerRecipe(precision: .int16, range: MaximumRange(margin: 2))
    var recipe = layers == nil ? CalibrationRecipe(standard: int16) : CalibrationRecipe()
    for layer in layers ?? [] { recipe[layer] = int16 }
    let calibration = try Calibration(
      float, faces: SyntheticFaces(count: 60, seed: 1, height: 64, width: 48), seed: 1, recipe: recipe,
      kernels: kernels(nil), threads: 2)
    return try calibration.run(tool: "test", imagesDigest: "") {}
  }

  private let pattern = selfTestPattern(height: 64, width: 48)

  @Test func theRecipeDecides() throws {
    #expect(try Self.mixed.get().network.int16Layers == Self.mixture)
    #expect(try Self.int16.get().network.int16Layers.count == 1 + 4 * 3 + 2 + 1)
  }

  @Test func int16EverywhereIsNearlyFloat() throws {
    let (network, description) = try Self.int16.get()
    let float = try EmbeddingSession(Self.float, kernels: kernels(nil), threads: 1)
    let int16 = try EmbeddingSession(Model(.int8(network), description), kernels: kernels(nil), threads: 1)
    let unseen = SyntheticFaces(count: 10, seed: 2, height: 64, width: 48)
    for index in 0..<unseen.count {
      let pixels = try unseen.pixels(index)
      #expect(cosine(try float.embed(pixels), try int16.embed(pixels)) > 0.9999)
    }
  }

  @Test(arguments: [true, false])
  func sameBitsOnEveryInstructionSetAndNumberOfThreads(_ isMixed: Bool) throws {
    let (network, description) = try (isMixed ? Self.mixed : Self.int16).get()
    let model = Model(.int8(network), description)
    let wanted = try #require(description.calibration).selfTest
    for name in availableInstructionSets().map(\.rawValue) {
      for threads: ThreadPlan in [1, 2, 3, 7] {
        let session = try EmbeddingSession(model, kernels: kernels(name), threads: threads)
        #expect(try session.embed(pattern) == wanted, "\(name), \(threads.count) threads")
        #expect(try session.embed(pattern) == wanted, "\(name), \(threads.count) threads, a second time")
      }
    }
  }

  @Test(arguments: [true, false])
  func aFileHoldsTheNetwork(_ isMixed: Bool) throws {
    let (network, description) = try (isMixed ? Self.mixed : Self.int16).get()
    let folder = try TemporaryFolder()
    try network.write(to: FilePath(folder("mixed.gguf")), description)
    let model = try Model(path: FilePath(folder("mixed.gguf")))
    #expect(model.int16Layers == network.int16Layers)
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1)
    #expect(try session.embed(pattern) == description.calibration?.selfTest)
  }

  /// Weights, biases and inputs at their limits stay within int32, and come close enough to it to be worth their bits.
  @Test func sumsFitAndUseTheirBits() throws {
    let network = try Self.int16.get().network
    // The image has 9 bits only.
    let layers = network.stem.dropFirst() + network.blocks.flatMap(\.body) + network.head.body + [network.head.linear]
    #expect(layers.count == 1 + 12 + 2 + 1)
    for layer in layers {
      let largest = largestSums(layer)
      #expect(largest.allSatisfy { $0 < 1 << 31 })
      #expect(largest.contains { $0 > 1 << 28 })
    }
  }

  /// Σ|weight| · largest input + |bias| of each output channel.
  private func largestSums(_ layer: QuantisedConvolution) -> [Int] {
    let outputs = layer.bias.count
    var sums = [Int](repeating: 0, count: outputs)
    switch layer.weights {
    case .int8, .depthwise: Issue.record("not int16")
    case .int16(let weights, _):
      let perBlock = weights.count / (outputs / 16)
      for index in 0..<weights.count { sums[index / perBlock * 16 + index % 32 / 2] += abs(Int(weights[index])) }
    case .depthwiseInt16(let weights, _):
      for index in 0..<weights.count { sums[index % outputs] += abs(Int(weights[index])) }
    }
    return (0..<outputs).map { sums[$0] * (layer.largestInput ?? 0) + abs(Int(layer.bias[$0])) }
  }

  enum Lie: CaseIterable {
    case largestInput, noInput, hugeInput, denseWeights, depthwiseWeights, bias, imageBias, minus128
    case depthwiseMinus128
  }

  @Test(arguments: Lie.allCases)
  func aLyingFileIsRefused(_ lie: Lie) throws {
    var (network, description) = try Self.mixed.get()
    func int16(_ layer: inout QuantisedConvolution, largestInput: Int? = nil, weight: Int16? = nil) {
      switch layer.weights {
      case .int16(let weights, let largest):
        let values = weight.map { [Int16](repeating: $0, count: weights.count) } ?? Array(weights.buffer)
        layer.weights = .int16(Tensor(values), largestInput: largestInput ?? largest)
      case .depthwiseInt16(let weights, let largest):
        let values = weight.map { [Int16](repeating: $0, count: weights.count) } ?? Array(weights.buffer)
        layer.weights = .depthwiseInt16(Tensor(values), largestInput: largestInput ?? largest)
      case .int8, .depthwise: Issue.record("not int16")
      }
    }
    switch lie {
    case .largestInput: int16(&network.blocks[2].body[2], largestInput: 32767)
    case .noInput: int16(&network.blocks[1].body[0], largestInput: 0)
    case .hugeInput: int16(&network.blocks[1].body[0], largestInput: 65536)
    case .denseWeights: int16(&network.blocks[2].body[2], weight: -32768)
    case .depthwiseWeights: int16(&network.blocks[0].body[1], weight: -32768)
    case .bias:
      network.blocks[2].body[0].bias = Tensor([Int32](repeating: .min, count: network.blocks[2].body[0].bias.count))
    case .imageBias: network.stem[0].bias = Tensor([Int32](repeating: .min, count: network.stem[0].bias.count))
    case .minus128:
      guard case .int8(let weights, let sums) = network.head.linear.weights else { return }
      // One of them, where a whole vector does not reach.
      var values = Array(weights.buffer)
      values[values.count - 1] = -128
      network.head.linear.weights = .int8(Tensor(values), sums: sums)
    case .depthwiseMinus128:
      guard case .depthwise(let weights) = network.blocks[2].body[1].weights else { return }
      var values = Array(weights.buffer)
      values[17] = -128
      network.blocks[2].body[1].weights = .depthwise(Tensor(values))
    }
    let folder = try TemporaryFolder()
    let path = folder("lie.gguf")
    try network.write(to: FilePath(path), description)
    let error = #expect(throws: FaceqError.self) { try Model(path: FilePath(path)) }
    #expect(error?.message.contains(path) == true)
  }
}
