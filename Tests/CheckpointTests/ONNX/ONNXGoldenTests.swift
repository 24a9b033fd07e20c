import Checkpoint
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Nets computed from their operators, against ONNX Runtime's answers.
@Suite("ONNX files against ONNX Runtime") struct ONNXGoldenTests {
  /// A net and how a face comes to it.
  struct EmbeddingNet: CustomTestStringConvertible {
    var name: String
    var faces: Int
    var normalise: @Sendable (_ pixel: Float, _ channel: Int) -> Float = { pixel, _ in (pixel - 127.5) / 127.5 }
    var testDescription: String { name }
  }

  static let nets = [
    EmbeddingNet(name: "r_tiny", faces: 4), EmbeddingNet(name: "se_tiny", faces: 4),
    EmbeddingNet(name: "mxnet_tiny", faces: 4) { pixel, _ in pixel }, EmbeddingNet(name: "mbf_tiny", faces: 4),
    EmbeddingNet(name: "mbf", faces: 2), EmbeddingNet(name: "r18", faces: 1),
  ]

  @Test(
    "embeddings of what packages publish",
    .enabled(if: ONNXData.canMake, Comment(rawValue: ONNXData.makingNeeds)),
    arguments: nets)
  func published(net: EmbeddingNet) throws {
    let folder = try TemporaryFolder()
    try check(net, path: try ONNXData.make(net.name, in: folder))
  }

  @Test("embeddings of a trained net", .enabled(if: ONNXData.hasModels, Comment(rawValue: ONNXData.modelsNeeded)))
  func trained() throws {
    let (mean, deviation): ([Float], [Float]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    let net = EmbeddingNet(name: "foamliu_MobileFaceNet", faces: 4) { ($0 / 255 - mean[$1]) / deviation[$1] }
    try check(net, path: ONNXData.model(net.name))
  }

  private func check(_ net: EmbeddingNet, path: String) throws {
    let golden = try ONNXData.golden(of: net.name, in: TemporaryFolder())
    let faces = try #require(golden["faces"])
    let wanted = try #require(golden[net.name]).floats()
    let pixels = faces.floats()
    let graph = try ONNXModel(path: FilePath(path)).operators()
    let size = wanted.count / faces.shape[0]
    for face in 0..<net.faces {
      let image = ONNXData.planes(pixels[(face * 37632)...].prefix(37632), count: 12544, net.normalise)
      let embedding = try #require(OperatorInterpreter(graph: graph).run(image).values.first).values
      let golden = wanted[(face * size)..<((face + 1) * size)]
      #expect(embedding.count == size)
      let length = embedding.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      let differences = zip(embedding, golden).map { abs(Double($0) / length - Double($1)) }
      #expect(differences.max() ?? 1 <= 1e-4)
      #expect(zip(embedding, golden).reduce(0) { $0 + Double($1.0) * Double($1.1) } / length >= 0.999_999)
    }
  }

  /// A detector's file, its name in the goldens and its input.
  struct Detector: CustomTestStringConvertible {
    var file: String
    var name: String
    var picture: String
    var isBGR = false
    var normalise: @Sendable (_ pixel: Float, _ channel: Int) -> Float = { pixel, _ in pixel }
    var testDescription: String { file }
  }

  static let detectors = [
    Detector(file: "yunet_n_dynamic", name: "yunet_n", picture: "picture", isBGR: true),
    Detector(file: "scrfd_500m_kps", name: "scrfd_500m", picture: "picture640") { pixel, _ in (pixel - 127.5) / 128 },
    Detector(file: "scrfd_2.5g_kps", name: "scrfd_2.5g", picture: "picture640") { pixel, _ in (pixel - 127.5) / 128 },
  ]

  @Test(
    "a detector's outputs", .enabled(if: ONNXData.hasModels, Comment(rawValue: ONNXData.modelsNeeded)),
    arguments: detectors)
  func detector(net: Detector) throws {
    let golden = try ONNXData.golden(ONNXData.shared("golden_detectors.npz"), in: TemporaryFolder())
    let picture = try #require(golden[net.picture])
    let size = RowsAndColumns(rows: picture.shape[0], columns: picture.shape[1])
    let graph = try ONNXModel(path: FilePath(ONNXData.model(net.file))).operators(size: size)
    let isBGR = net.isBGR
    var image = ONNXData.planes(picture.floats()[...], count: size.rows * size.columns, net.normalise)
    if isBGR { image = ONNXData.reversedChannels(image) }
    let outputs = OperatorInterpreter(graph: graph).run(image)
    let names = golden.names.filter { $0.hasPrefix(net.name + "/") }
    #expect(outputs.count == names.count)
    for name in names {
      let wanted = try #require(golden[name])
      let output = try #require(outputs[String(name.dropFirst(net.name.count + 1))])
      #expect(output.shape == wanted.shape, "\(name)")
      let largest = zip(output.values, wanted.floats()).map { abs($0 - $1) / max(1, abs($1)) }.max()
      #expect(largest ?? 1 <= 1e-4, "\(name)")
    }
  }
}
