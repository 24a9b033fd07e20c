import Calibrate
import Checkpoint
import GraphReference
import QuantRuntime
import TestSupport
import Testing

/// The graphs of today's networks, interpreted, against the engines: float to six digits, int8 bit for bit.
struct EngineEqualityTests {
  enum Source: String, CaseIterable, Sendable {
    /// Made here; of MobileFaceNet's form.
    case bottlenecks
    /// Fixtures: IR blocks without and with squeeze-and-excitation.
    case tinyIR = "tiny_ir"
    case tinyIRSE = "tiny_ir_se"
    /// The trained MobileFaceNet.
    case mobileFaceNet = "mobilefacenet_y1.npz"

    var isAvailable: Bool { self == .bottlenecks || sharedData != nil }

    func network() throws -> Network {
      switch self {
      case .bottlenecks: return bottleneckNetwork()
      case .mobileFaceNet:
        return try importCheckpoint(
          path: FilePath((sharedData ?? "") + "/models/mobilefacenet/" + rawValue)
        ).network
      case .tinyIR, .tinyIRSE:
        let folder = try TemporaryFolder()
        try makeCheckpoint(rawValue, at: folder("checkpoint.pth"))
        return try importCheckpoint(path: FilePath(folder("checkpoint.pth"))).network
      }
    }
  }

  private static let sources = Source.allCases.filter { $0.isAvailable }

  private static let description = ModelDescription(
    architecture: "test", parameters: 0, source: ModelDescription.Source(name: "test", sha256: ""), isStandIn: true)

  @Test(arguments: sources)
  func floatIsTheEngines(_ source: Source) throws {
    let network = try source.network()
    let graph = Graph(network)
    let model = Model(network, Self.description)
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1)
    let (height, width) = (network.input.height, network.input.width)
    let pixels = selfTestPattern(height: height, width: width)
    let values = try evaluate(graph, normalised(pixels, try graph.image, height: height, width: width))
    let embedding = values[graph.outputs[0]].values.map { Float($0) }
    #expect(cosine(embedding, try session.embed(pixels)) >= 0.999_999)
    #expect(try graph.multiplyAccumulates().reduce(0, +) == network.multiplyAccumulates())
  }

  /// The listing of a real network is short enough to look at.
  @Test func theListingOfABottleneckNetwork() throws {
    let graph = Graph(bottleneckNetwork())
    #expect(try Graph<Never>(listing: graph.listing) == graph.topology)
    #expect(
      graph.listing.split(separator: "\n").prefix(10).joined(separator: "\n") == """
        %0 = image 64×48 rgb (x − 127.5) / 128
        %1 = convolution %0 → 20, 3×3, stride 2, padding 1, prelu   stem.0
        %2 = convolution %1 → 20, 3×3, padding 1, depthwise, prelu  stem.1
        %3 = copy %2                                                blocks.0.input
        %4 = convolution %3 → 40, 1×1, prelu                        blocks.0.body.0
        %5 = convolution %4 → 40, 3×3, stride 2, padding 1, depthwise, prelu  blocks.0.body.1
        %6 = convolution %5 → 24, 1×1                               blocks.0.body.2
        %7 = copy %6                                                blocks.0
        %8 = copy %7                                                blocks.1.input
        %9 = convolution %8 → 40, 1×1, prelu                        blocks.1.body.0
        """)
  }

  /// By the rules alone the last convolution of a block without shortcut writes the trunk, or what the next one reads.
  @Test func theRulesNeedFewerCopies() throws {
    let graph = Graph(bottleneckNetwork()).removingCopies().insertingCopies()
    #expect(
      graph.listing.split(separator: "\n").dropFirst(3).prefix(6).joined(separator: "\n") == """
        %3 = convolution %2 → 40, 1×1, prelu                        blocks.0.body.0
        %4 = convolution %3 → 40, 3×3, stride 2, padding 1, depthwise, prelu  blocks.0.body.1
        %5 = convolution %4 → 24, 1×1                               blocks.0.body.2
        %6 = copy %5                                                blocks.0.body.2.bytes
        %7 = convolution %6 → 40, 1×1, prelu                        blocks.1.body.0
        %8 = convolution %7 → 40, 3×3, padding 1, depthwise, prelu  blocks.1.body.1
        """)
  }

  enum Precision: String, CaseIterable, Sendable { case int8, mixed, int16 }

  @Test(arguments: sources, Precision.allCases)
  func int8IsTheEnginesBitForBit(_ source: Source, _ precision: Precision) throws {
    let network = try source.network()
    let names = Graph(network).nodes.compactMap { $0.layer == nil ? nil : $0.name }
    var recipe = CalibrationRecipe(rounding: NearestRounding())
    for (index, name) in names.enumerated() where precision == .int16 || precision == .mixed && index % 3 == 1 {
      recipe[name].precision = .int16
    }
    let (height, width) = (network.input.height, network.input.width)
    let calibration = try Calibration(
      Model(network, Self.description), faces: SyntheticFaces(count: 20, seed: 3, height: height, width: width),
      seed: 1, recipe: recipe, kernels: kernels(nil), threads: 1)
    let (quantised, description) = try calibration.run(tool: "test", imagesDigest: "") {}
    let session = try EmbeddingSession(Model(.int8(quantised), description), kernels: kernels(nil), threads: 1)
    let graph = try Graph(quantised)
    let pixels = try SyntheticFaces(count: 1, seed: 9, height: height, width: width).pixels(0)
    let values = try evaluate(graph, pixels, height: height, width: width)
    let embedding = try #require(values[graph.outputs[0]].floats)
    let expected = try session.embed(pixels)
    #expect(embedding.values.map { $0.bitPattern } == expected.map { $0.bitPattern })
    #expect(expected.contains { $0 != 0 })
    #expect(graph.multiplyAccumulatesAreThose(of: Graph(network)))
  }

  /// MTCNN's three networks with random weights, on a picture of another size than the graph's own.
  @Test(arguments: DetectorNetwork.allCases)
  func detectorsAreTheChains(_ network: DetectorNetwork) throws {
    var random = RandomUnits()
    let units = network.convolutions.map { geometry in
      ConvolutionUnit(
        geometry: geometry,
        weights: random.values(
          geometry.outputChannels * geometry.weightsPerOutput, (3 / Float(geometry.weightsPerOutput)).squareRoot()),
        bias: random.values(geometry.outputChannels, 0.3),
        slopes: geometry == network.convolutions.last ? nil : random.values(geometry.outputChannels, 0.3, around: 0.25))
    }
    var weights = DetectorWeights()
    weights.set(network, units, source: ModelDescription.Source(name: "test", sha256: ""))
    let graph = Graph(network, weights)
    let (height, width) = network == .proposal ? (31, 46) : (try graph.image.height, try graph.image.width)
    let image = normalised(
      selfTestPattern(height: height, width: width), try graph.image, height: height, width: width)

    var layers: [FloatChain.Layer] = []
    for (index, unit) in units.enumerated() {
      layers.append(.convolution(unit))
      if index < network.pools.count { layers.append(.maxPool(size: network.pools[index])) }
    }
    let chain = try FloatChain(layers, kernels: kernels(nil), threads: 1)
    let expected = chain.run(image.values.map { Float($0) }, height: height, width: width)
    let found = try evaluate(graph, image)[graph.outputs[0]]
    #expect(found.extent == Extent(expected.height, expected.width, units[units.count - 1].bias.count))
    let largest = expected.values.reduce(0) { max($0, abs($1)) }
    #expect(zip(found.values, expected.values).allSatisfy { abs($0 - Double($1)) <= 1e-5 * Double(largest) })
    #expect(largest > 0)
  }
}

extension Graph {
  fileprivate func multiplyAccumulatesAreThose<Other>(of other: Graph<Other>) -> Bool {
    (try? multiplyAccumulates()) == (try? other.multiplyAccumulates())
  }
}
