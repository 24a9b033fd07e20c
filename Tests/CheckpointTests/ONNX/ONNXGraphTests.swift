import Checkpoint
import FaceqSupport
import Foundation
import GraphReference
import QuantRuntime
import TestSupport
import Testing

/// Graphs of ONNX files, computed as graphs are, against ONNX Runtime's and the onnx package's answers.
@Suite("Graphs of ONNX files") struct ONNXGraphTests {
  struct EmbeddingNet: CustomTestStringConvertible {
    var name: String
    var faces: Int
    var choice = PixelFormatChoice()
    var testDescription: String { name }
  }

  static let nets = ["r_tiny", "se_tiny", "mxnet_tiny", "mbf_tiny"].map { EmbeddingNet(name: $0, faces: 2) }

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
    let choice = PixelFormatChoice(mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375])
    let net = EmbeddingNet(name: "foamliu_MobileFaceNet", faces: 1, choice: choice)
    try check(net, path: ONNXData.model(net.name))
  }

  private func check(_ net: EmbeddingNet, path: String) throws {
    let folder = try TemporaryFolder()
    let golden = try ONNXData.golden(of: net.name, in: folder)
    let faces = try #require(golden["faces"])
    let pixels = faces.floats().map { UInt8($0) }
    let wanted = try #require(golden[net.name]).floats()
    let size = wanted.count / faces.shape[0]
    let imported = try importONNX(path: FilePath(path), choice: net.choice)
    // The listing is what files store: it has to say all of the topology.
    #expect(try Graph<Never>(listing: imported.graph.listing) == imported.graph.topology)
    for face in 0..<net.faces {
      let image = normalised(
        Array(pixels[(face * 37632)..<((face + 1) * 37632)]), try imported.graph.image, height: 112, width: 112)
      let embedding = try evaluate(imported.graph, image)[imported.graph.outputs[0]].values
      let golden = wanted[(face * size)..<((face + 1) * size)]
      #expect(embedding.count == size)
      #expect(zip(embedding, golden).map { abs($0 - Double($1)) }.max() ?? 1 <= 1e-4)
      #expect(zip(embedding, golden).reduce(0) { $0 + $1.0 * Double($1.1) } >= 0.999_999)
    }
  }

  struct Detector: CustomTestStringConvertible {
    var file: String
    var name: String
    var picture: String
    var choice: PixelFormatChoice
    var testDescription: String { file }
  }

  static let raw: [Float] = [0, 0, 0]
  static let detectors = [
    Detector(
      file: "yunet_n_dynamic", name: "yunet_n", picture: "picture",
      choice: PixelFormatChoice(channels: .bgr, mean: raw, deviation: [1, 1, 1])),
    Detector(
      file: "scrfd_500m_kps", name: "scrfd_500m", picture: "picture640",
      choice: PixelFormatChoice(deviation: [128, 128, 128])),
  ]

  @Test(
    "a detector's outputs, of a picture of another size than the file declares",
    .enabled(if: ONNXData.hasModels, Comment(rawValue: ONNXData.modelsNeeded)), arguments: detectors)
  func detector(net: Detector) throws {
    let folder = try TemporaryFolder()
    let golden = try ONNXData.golden(ONNXData.shared("golden_detectors.npz"), in: folder)
    let picture = try #require(golden[net.picture])
    let pixels = picture.floats().map { UInt8($0) }
    let imported = try importONNX(path: FilePath(ONNXData.model(net.file)), choice: net.choice)
    let image = normalised(pixels, try imported.graph.image, height: picture.shape[0], width: picture.shape[1])
    let values = try evaluate(imported.graph, image)
    #expect(imported.outputNames.count == golden.names.filter { $0.hasPrefix(net.name + "/") }.count)
    for (name, node) in zip(imported.outputNames, imported.graph.outputs) {
      let wanted = try #require(golden["\(net.name)/\(name)"]).floats()
      #expect(values[node].values.count == wanted.count)
      let largest = zip(values[node].values, wanted).map { abs($0 - Double($1)) / max(1, abs(Double($1))) }.max()
      #expect(largest ?? 1 <= 1e-4, "\(name)")
    }
  }

  @Test(
    "which published form becomes which nodes", .enabled(if: ONNXData.canMake, Comment(rawValue: ONNXData.makingNeeds)))
  func listing() throws {
    let folder = try TemporaryFolder()
    let mobile = try importONNX(path: FilePath(try ONNXData.make("mbf_tiny", in: folder))).graph
    let grouped = mobile.nodes.filter {
      if case .convolution(let convolution) = $0.operation { convolution.grouping == .groups(8) } else { false }
    }
    #expect(grouped.count == 1)
    #expect(mobile.nodes.last?.operation == .normalise)
    let mxnet = try importONNX(path: FilePath(try ONNXData.make("mxnet_tiny", in: folder)))
    #expect(mxnet.input.mean == [127.5, 127.5, 127.5] && mxnet.input.deviation == [128, 128, 128])
    #expect(try mxnet.graph.image.deviation == [128, 128, 128])
    // Nothing is left of the entry, of activations, batch norms behind convolutions, and gates' parts.
    let gated = try importONNX(path: FilePath(try ONNXData.make("se_tiny", in: folder))).graph
    for graph in [mobile, mxnet.graph, gated] {
      // Copies bring sums to convolutions.
      let words = Set(graph.nodes.map(\.operation).filter { $0 != .copy(.none) }.map(\.word))
      #expect(words.isSubset(of: ["image", "convolution", "affine", "gate", "add", "linear", "normalise"]), "\(words)")
      if case .convolution = graph.nodes[1].operation {} else { Issue.record("the entry is still there") }
    }
    #expect(gated.nodes.filter { $0.operation.word == "gate" }.count == 5)
  }

  @Test("each form of an operator", .enabled(if: ONNXData.canMake, Comment(rawValue: ONNXData.makingNeeds)))
  func operators() throws {
    let folder = try TemporaryFolder()
    try TestData.script("onnx_operators.py", folder(""))
    let answers = try StateDict(path: FilePath(folder("answers.npz")))
    var refused: Set<String> = []
    for name in answers.names.filter({ $0.hasSuffix(".x") }).map({ String($0.dropLast(2)) }) {
      let pixels = PixelFormatChoice(mean: Self.raw, deviation: [1, 1, 1])
      let imported: ImportedONNX
      do {
        imported = try importONNX(path: FilePath(folder(name + ".onnx")), choice: pixels)
      } catch {
        #expect(error.message.contains("cannot compute"), "\(error.message)")
        refused.insert(name)
        continue
      }
      guard try imported.graph.image.mean == Self.raw, try imported.graph.image.deviation == [1, 1, 1] else { continue }
      let image = try #require(answers[name + ".x"])
      let (height, width) = (image.shape[2], image.shape[3])
      let planes = image.floats()
      let input = Plane<Double>(Extent(height, width, 3)) { row, column, channel in
        Double(planes[(channel * height + row) * width + column])
      }
      let result = try evaluate(imported.graph, input)[imported.graph.outputs[0]]
      let wanted = try #require(answers[name + ".y"])
      // Ours are channels last; vectors that ours end in are normalised.
      var numbers = wanted.floats()
      if wanted.shape.count == 4, name != "transposed_axes" {
        let pixels = wanted.shape[2] * wanted.shape[3]
        numbers = (0..<numbers.count).map { numbers[$0 % wanted.shape[1] * pixels + $0 / wanted.shape[1]] }
      }
      if result.extent.pixels == 1 {
        let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
        numbers = numbers.map { $0 / length }
      }
      #expect(result.values.count == numbers.count, "\(name)")
      let largest = zip(result.values, numbers).map { abs($0 - Double($1)) / max(1, abs(Double($1))) }.max()
      #expect(largest ?? 1 < 1e-5, "\(name): \(largest ?? 1)")
    }
    #expect(
      refused == [
        "hard_swish", "softmax_old", "softmax_new", "lp_normalisation", "reduce_mean", "reduce_square", "square_root",
        "divides", "power", "padded", "reversed", "sliced", "resize_sizes", "split", "normalised",
      ])
  }
}
