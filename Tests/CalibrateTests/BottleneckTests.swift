import Calibrate
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

/// Depthwise layers, chains in stem and tail, and an image that is not square, from float to an int8 file.
struct BottleneckTests {
  static let float = Result { try model(bottleneckGraph()) }
  static let int8 = Result { try makeInt8() }

  private static func faces(_ count: Int, seed: Int) -> SyntheticFaces {
    SyntheticFaces(count: count, seed: seed, height: 64, width: 48)
  }

  private static func makeInt8() throws -> (graph: Graph<QuantisedLayer>, description: ModelDescription) {
    let calibration = try Calibration(
      float.get(), faces: faces(60, seed: 1), seed: 1, recipe: CalibrationRecipe(), kernels: kernels(nil), threads: 2)
    return try calibration.run(tool: "test", imagesDigest: "") {}
  }

  @Test func int8IsCloseToFloat() throws {
    let (graph, description) = try Self.int8.get()
    let float = try EmbeddingSession(Self.float.get(), kernels: kernels(nil), threads: 1)
    let int8 = try EmbeddingSession(Model(.int8(graph), description), kernels: kernels(nil), threads: 1)
    let unseen = Self.faces(10, seed: 2)
    for index in 0..<unseen.count {
      let pixels = try unseen.pixels(index)
      #expect(cosine(try float.embed(pixels), try int8.embed(pixels)) > 0.99)
    }
  }

  @Test func sameBitsOnEveryInstructionSetAndNumberOfThreads() throws {
    let (graph, description) = try Self.int8.get()
    let model = try Model(.int8(graph), description)
    let wanted = try #require(description.calibration).selfTest
    for name in availableInstructionSets().map(\.rawValue) {
      for threads in [1, 2, 3, 7] {
        let session = try EmbeddingSession(model, kernels: kernels(name), threads: ThreadPlan(threads))
        #expect(try session.embed(selfTestPattern(height: 64, width: 48)) == wanted, "\(name), \(threads) threads")
      }
    }
  }

  @Test func aFileHoldsTheNetwork() throws {
    let (graph, description) = try Self.int8.get()
    let folder = try TemporaryFolder()
    try graph.write(to: FilePath(folder("int8.gguf")), description)
    let model = try Model(path: FilePath(folder("int8.gguf")))
    #expect(model.topology == graph.topology)
    #expect(model.topology.additions.count == 2 && model.topology.layerCount == 17)
    #expect(model.multiplyAccumulates == (try bottleneckGraph().multiplyAccumulates().reduce(0, +)))
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1)
    #expect(try session.embed(selfTestPattern(height: 64, width: 48)) == description.calibration?.selfTest)
  }

  @Test func theFloatFileHoldsTheNetwork() throws {
    let folder = try TemporaryFolder()
    try bottleneckGraph().write(to: FilePath(folder("float.gguf")), Self.float.get().description)
    guard case .float(let graph) = try Model(path: FilePath(folder("float.gguf"))).network else {
      Issue.record("not a float network")
      return
    }
    #expect(graph == (try bottleneckGraph()))
  }

  /// The values of every node are handed out, with their shape.
  @Test func everyNodeIsObserved() throws {
    let float = try Self.float.get()
    let session = try EmbeddingSession(float, kernels: kernels(nil), threads: 1, observing: true)
    var shapes: [Extent] = []
    _ = try session.embed(try Self.faces(1, seed: 3).pixels(0)) { values in
      #expect(values.node == shapes.count)
      shapes.append(Extent(values.height, values.width, values.channels))
    }
    #expect(try shapes == float.topology.shapes())
    #expect(shapes.contains(Extent(16, 12, 40)))
  }

  enum Lie: CaseIterable { case groups, kernel, channels, stem, shortWeights, linear }

  @Test(arguments: Lie.allCases)
  func aLyingFileIsRefused(_ lie: Lie) throws {
    let (graph, description) = try Self.int8.get()
    func changing(_ name: String, _ change: (inout Convolution) -> Void) throws -> Graph<QuantisedLayer> {
      var changed = graph
      let index = try #require(graph.index(named: name))
      switch graph.nodes[index].operation {
      case .convolution(var convolution):
        change(&convolution)
        changed.nodes[index].operation = .convolution(convolution)
      case .linear(var convolution):
        change(&convolution)
        changed.nodes[index].operation = .linear(convolution)
      default: Issue.record("not a layer")
      }
      return changed
    }
    let lying: Graph<QuantisedLayer> =
      switch lie {
      case .groups: try changing("blocks.0.body.1") { $0.grouping = .groups(2) }
      case .kernel: try changing("tail.1") { $0.window.kernel.height = 65536 }
      case .channels: try changing("tail.0") { $0.outputs = 65536 }
      case .stem: try changing("stem.0") { $0.grouping = .depthwise }
      case .shortWeights:
        try graph.changing(layer: "stem.1") { $0.weights = .depthwise(Tensor([Int8](repeating: 1, count: 32))) }
      case .linear: try changing("head") { $0.grouping = .groups(70) }
      }
    let folder = try TemporaryFolder()
    let path = folder("lie.gguf")
    try lying.write(to: FilePath(path), description)
    let error = #expect(throws: FaceqError.self) { try Model(path: FilePath(path)) }
    #expect(error?.message.contains(path) == true)
  }
}
