import Calibrate
import QuantRuntime
import TestSupport
import Testing

/// Depthwise layers, chains in stem and tail, and an image that is not square, from float to an int8 file.
struct BottleneckTests {
  static let float = Model(
    bottleneckNetwork(),
    ModelDescription(
      architecture: "bottlenecks", parameters: 0, source: ModelDescription.Source(name: "test", sha256: ""),
      isStandIn: true))
  static let int8 = Result { try makeInt8() }

  private static func faces(_ count: Int, seed: Int) -> SyntheticFaces {
    SyntheticFaces(count: count, seed: seed, height: 64, width: 48)
  }

  private static func makeInt8() throws -> (network: QuantisedNetwork, description: ModelDescription) {
    let calibration = try Calibration(
      float, faces: faces(60, seed: 1), seed: 1, recipe: CalibrationRecipe(), kernels: kernels(nil), threads: 2)
    return try calibration.run(tool: "test", imagesDigest: "") {}
  }

  @Test func int8IsCloseToFloat() throws {
    let (network, description) = try Self.int8.get()
    let float = try EmbeddingSession(Self.float, kernels: kernels(nil), threads: 1)
    let int8 = try EmbeddingSession(Model(.int8(network), description), kernels: kernels(nil), threads: 1)
    let unseen = Self.faces(10, seed: 2)
    for index in 0..<unseen.count {
      let pixels = try unseen.pixels(index)
      #expect(cosine(try float.embed(pixels), try int8.embed(pixels)) > 0.99)
    }
  }

  @Test func sameBitsOnEveryInstructionSetAndNumberOfThreads() throws {
    let (network, description) = try Self.int8.get()
    let model = Model(.int8(network), description)
    let wanted = try #require(description.calibration).selfTest
    for name in availableInstructionSets().map(\.rawValue) {
      for threads in [1, 2, 3, 7] {
        let session = try EmbeddingSession(model, kernels: kernels(name), threads: ThreadPlan(threads))
        #expect(try session.embed(selfTestPattern(height: 64, width: 48)) == wanted, "\(name), \(threads) threads")
      }
    }
  }

  @Test func aFileHoldsTheNetwork() throws {
    let (network, description) = try Self.int8.get()
    let folder = try TemporaryFolder()
    try network.write(to: FilePath(folder("int8.gguf")), description)
    let model = try Model(path: FilePath(folder("int8.gguf")))
    #expect(model.blockCount == 4 && model.layerCount == 17)
    #expect(model.multiplyAccumulates == (try bottleneckNetwork().multiplyAccumulates()))
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1)
    #expect(try session.embed(selfTestPattern(height: 64, width: 48)) == description.calibration?.selfTest)
  }

  @Test func theFloatFileHoldsTheNetwork() throws {
    let folder = try TemporaryFolder()
    try bottleneckNetwork().write(to: FilePath(folder("float.gguf")), Self.float.description)
    guard case .float(let network) = try Model(path: FilePath(folder("float.gguf"))).network else {
      Issue.record("not a float network")
      return
    }
    #expect(network == bottleneckNetwork())
  }

  /// Every activation that calibration measures is handed out, with the shape of its layer.
  @Test func stemAndTailAreObserved() throws {
    let session = try EmbeddingSession(Self.float, kernels: kernels(nil), threads: 1, observing: true)
    var shapes: [Tap: [Int]] = [:]
    _ = try session.embed(try Self.faces(1, seed: 3).pixels(0)) { shapes[$0.tap] = [$0.height, $0.width, $0.channels] }
    #expect(shapes[.stemBody(0)] == [32, 24, 20])
    #expect(shapes[.stem] == [32, 24, 20])
    #expect(shapes[.body(block: 0, convolution: 1)] == [16, 12, 40])
    #expect(shapes[.tailInput] == [8, 6, 36])
    #expect(shapes[.tail(0)] == [8, 6, 70])
    #expect(shapes[.headInput] == [1, 1, 70])
  }

  enum Lie: CaseIterable { case groups, tooManyGroups, kernel, channels, stem, shortWeights, linear }

  @Test(arguments: Lie.allCases)
  func aLyingFileIsRefused(_ lie: Lie) throws {
    var (network, description) = try Self.int8.get()
    switch lie {
    case .groups: network.blocks[0].body[1].geometry.groups = 2
    case .tooManyGroups: network.blocks[0].body[1].geometry.groups = 65536
    case .kernel: network.head.body[1].geometry.kernelHeight = 65536
    case .channels: network.head.body[0].geometry.inputChannels = 65536
    case .stem: network.stem[0].geometry.groups = 3
    case .shortWeights: network.stem[1].weights = .depthwise(Tensor([Int8](repeating: 1, count: 32)))
    case .linear: network.head.linear.geometry.groups = 70
    }
    let folder = try TemporaryFolder()
    let path = folder("lie.gguf")
    try network.write(to: FilePath(path), description)
    let error = #expect(throws: FaceqError.self) { try Model(path: FilePath(path)) }
    #expect(error?.message.contains(path) == true)
  }
}
