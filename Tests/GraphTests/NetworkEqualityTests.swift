import Calibrate
import Checkpoint
import FaceqSupport
import GraphReference
import QuantRuntime
import TestSupport
import Testing

/// Whole networks, interpreted, against the engine: float to six digits, int8 bit for bit.
struct NetworkEqualityTests {
  enum Source: String, CaseIterable, Sendable {
    /// Fixtures: IR blocks without and with squeeze-and-excitation.
    case tinyIR = "tiny_ir"
    case tinyIRSE = "tiny_ir_se"
    /// The trained MobileFaceNet.
    case mobileFaceNet = "mobilefacenet_y1.npz"

    func graph() throws -> Graph<FloatLayer> {
      switch self {
      case .mobileFaceNet:
        return try importCheckpoint(path: FilePath((sharedData ?? "") + "/models/mobilefacenet/" + rawValue)).graph
      case .tinyIR, .tinyIRSE:
        let folder = try TemporaryFolder()
        try makeCheckpoint(rawValue, at: folder("checkpoint.pth"))
        return try importCheckpoint(path: FilePath(folder("checkpoint.pth"))).graph
      }
    }
  }

  private static let sources: [Source] =
    sharedData != nil ? Source.allCases : hasNumPy ? [.tinyIR, .tinyIRSE] : []

  private static let description = ModelDescription(
    architecture: "test", parameters: 0, source: ModelDescription.Source(name: "test", sha256: ""), isStandIn: true)

  @Test(arguments: sources)
  func floatIsTheEngines(_ source: Source) throws {
    let graph = try source.graph()
    let session = try EmbeddingSession(Model(.float(graph), Self.description), kernels: kernels(nil), threads: 1)
    let format = try graph.image
    let pixels = selfTestPattern(height: format.height, width: format.width)
    let values = try evaluate(graph, normalised(pixels, format, height: format.height, width: format.width))
    let embedding = values[graph.outputs[0]].values.map { Float($0) }
    #expect(cosine(embedding, try session.embed(pixels)) >= 0.999_999)
  }

  enum Precision: String, CaseIterable, Sendable { case int8, mixed, int16 }

  @Test(arguments: sources, Precision.allCases)
  func int8IsTheEnginesBitForBit(_ source: Source, _ precision: Precision) throws {
    let float = try source.graph()
    var recipe = CalibrationRecipe(rounding: NearestRounding())
    for (index, layer) in float.recipeLayers.enumerated() {
      if precision == .int16 || precision == .mixed && index % 3 == 1 { recipe[layer.name].precision = .int16 }
    }
    let format = try float.image
    let (height, width) = (format.height, format.width)
    let calibration = try Calibration(
      Model(.float(float), Self.description), faces: SyntheticFaces(count: 20, seed: 3, height: height, width: width),
      seed: 1, recipe: recipe, kernels: kernels(nil), threads: 1)
    let (graph, description) = try calibration.run(tool: "test", imagesDigest: "") {}
    let session = try EmbeddingSession(Model(.int8(graph), description), kernels: kernels(nil), threads: 1)
    let pixels = try SyntheticFaces(count: 1, seed: 9, height: height, width: width).pixels(0)
    let values = try evaluate(graph, pixels, height: height, width: width)
    let embedding = try #require(values[graph.outputs[0]].floats)
    let expected = try session.embed(pixels)
    #expect(embedding.values.map { $0.bitPattern } == expected.map { $0.bitPattern })
    #expect(expected.contains { $0 != 0 })

    // What a file holds is the same.
    let folder = try TemporaryFolder()
    try graph.write(to: FilePath(folder("int8.gguf")), description)
    let read = try Model(path: FilePath(folder("int8.gguf")))
    let again = try EmbeddingSession(read, kernels: kernels(nil), threads: 2).embed(pixels)
    #expect(again.map { $0.bitPattern } == expected.map { $0.bitPattern })
  }
}
