import Calibrate
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

/// Networks with layers at int16, chosen by hand.
struct MixedPrecisionTests {
  private static let float = Result { try model(bottleneckGraph()) }
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
  ) throws -> (graph: Graph<QuantisedLayer>, description: ModelDescription) {
    let int16 = LayerRecipe(precision: .int16, range: MaximumRange(margin: 2))
    var recipe = layers == nil ? CalibrationRecipe(standard: int16) : CalibrationRecipe()
    for layer in layers ?? [] { recipe[layer] = int16 }
    let calibration = try Calibration(
      float.get(), faces: SyntheticFaces(count: 60, seed: 1, height: 64, width: 48), seed: 1, recipe: recipe,
      kernels: kernels(nil), threads: 2)
    return try calibration.run(tool: "test", imagesDigest: "") {}
  }

  private let pattern = selfTestPattern(height: 64, width: 48)

  @Test func theRecipeDecides() throws {
    #expect(try Self.mixed.get().graph.int16Layers == Self.mixture)
    #expect(try Self.int16.get().graph.int16Layers.count == 1 + 4 * 3 + 2 + 1)
  }

  @Test func int16EverywhereIsNearlyFloat() throws {
    let (graph, description) = try Self.int16.get()
    let float = try EmbeddingSession(Self.float.get(), kernels: kernels(nil), threads: 1)
    let int16 = try EmbeddingSession(Model(.int8(graph), description), kernels: kernels(nil), threads: 1)
    let unseen = SyntheticFaces(count: 10, seed: 2, height: 64, width: 48)
    for index in 0..<unseen.count {
      let pixels = try unseen.pixels(index)
      #expect(cosine(try float.embed(pixels), try int16.embed(pixels)) > 0.9999)
    }
  }

  @Test(arguments: [true, false])
  func sameBitsOnEveryInstructionSetAndNumberOfThreads(_ isMixed: Bool) throws {
    let (graph, description) = try (isMixed ? Self.mixed : Self.int16).get()
    let model = try Model(.int8(graph), description)
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
    let (graph, description) = try (isMixed ? Self.mixed : Self.int16).get()
    let folder = try TemporaryFolder()
    try graph.write(to: FilePath(folder("mixed.gguf")), description)
    let model = try Model(path: FilePath(folder("mixed.gguf")))
    #expect(model.int16Layers == graph.int16Layers)
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1)
    #expect(try session.embed(pattern) == description.calibration?.selfTest)
  }

  /// Weights, biases and inputs at their limits stay within int32, and come close enough to it to be worth their bits.
  @Test func sumsFitAndUseTheirBits() throws {
    let graph = try Self.int16.get().graph
    #expect(graph.int16Layers.count == 1 + 12 + 2 + 1)
    for name in graph.int16Layers {
      let largest = try #require(try graph.largestSums(name))
      #expect(largest.allSatisfy { $0 < 1 << 31 })
      #expect(largest.contains { $0 > 1 << 28 })
    }
  }

  enum Lie: CaseIterable {
    case largestInput, noInput, hugeInput, denseWeights, depthwiseWeights, bias, imageBias, minus128
    case depthwiseMinus128
  }

  @Test(arguments: Lie.allCases)
  func aLyingFileIsRefused(_ lie: Lie) throws {
    let (graph, description) = try Self.mixed.get()
    func int16(_ name: String, largestInput: Int? = nil, weight: Int16? = nil) throws -> Graph<QuantisedLayer> {
      try graph.changing(layer: name) { layer in
        switch layer.weights {
        case .int16(let weights, let largest):
          let values = weight.map { [Int16](repeating: $0, count: weights.count) } ?? Array(weights.buffer)
          layer.weights = .int16(Tensor(values), largestInput: largestInput ?? largest)
        case .depthwiseInt16(let weights, let largest):
          let values = weight.map { [Int16](repeating: $0, count: weights.count) } ?? Array(weights.buffer)
          layer.weights = .depthwiseInt16(Tensor(values), largestInput: largestInput ?? largest)
        case .int8, .depthwise, .grouped, .groupedInt16: Issue.record("not int16")
        }
      }
    }
    func withLargestBias(_ name: String) throws -> Graph<QuantisedLayer> {
      try graph.changing(layer: name) { $0.bias = Tensor([Int32](repeating: .min, count: $0.bias.count)) }
    }
    let lying: Graph<QuantisedLayer> =
      switch lie {
      case .largestInput: try int16("blocks.2.body.2", largestInput: 32767)
      case .noInput: try int16("blocks.1.body.0", largestInput: 0)
      case .hugeInput: try int16("blocks.1.body.0", largestInput: 65536)
      case .denseWeights: try int16("blocks.2.body.2", weight: -32768)
      case .depthwiseWeights: try int16("blocks.0.body.1", weight: -32768)
      case .bias: try withLargestBias("blocks.2.body.0")
      case .imageBias: try withLargestBias("stem.0")
      case .minus128:
        try graph.changing(layer: "head") { layer in
          guard case .int8(let weights, let sums) = layer.weights else { return }
          // One of them, where a whole vector does not reach.
          var values = Array(weights.buffer)
          values[values.count - 1] = -128
          layer.weights = .int8(Tensor(values), sums: sums)
        }
      case .depthwiseMinus128:
        try graph.changing(layer: "blocks.2.body.1") { layer in
          guard case .depthwise(let weights) = layer.weights else { return }
          var values = Array(weights.buffer)
          values[17] = -128
          layer.weights = .depthwise(Tensor(values))
        }
      }
    let folder = try TemporaryFolder()
    let path = folder("lie.gguf")
    try lying.write(to: FilePath(path), description)
    let error = #expect(throws: FaceqError.self) { try Model(path: FilePath(path)) }
    #expect(error?.message.contains(path) == true)
  }
}
