import Checkpoint
import FaceqSupport
import Foundation
import GraphReference
import QuantRuntime
import TestSupport
import Testing

@Suite("Import", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing))) struct ImportTests {
  @Test("every way of saving gives the same network", arguments: ["tiny_ir_se", "tiny_ir"])
  func variants(net: String) throws {
    let folder = try TemporaryFolder()
    let expected = try importCheckpoint(path: FilePath(TestData.checkpoint(net, in: folder)))
    let variants = [
      ["--format", "zip"], ["--nested"], ["--module-prefix"], ["--format", "zip", "--nested", "--module-prefix"],
    ]
    for options in variants {
      let imported = try importCheckpoint(path: FilePath(TestData.checkpoint(net, options, in: folder)))
      #expect(imported.graph == expected.graph, "\(options)")
      #expect(imported.architecture == expected.architecture)
      #expect(imported.parameters == expected.parameters)
    }
    for format in ["npz", "safetensors"] {
      let path = folder("other.npz")
      try TestData.script("checkpoints.py", "convert", fixtures, net, format, path)
      #expect(try importCheckpoint(path: FilePath(path)).graph == expected.graph, "\(format)")
    }
  }

  @Test("half floats give the network within their rounding", arguments: ["legacy", "zip"])
  func half(format: String) throws {
    let folder = try TemporaryFolder()
    let exact = try importCheckpoint(path: FilePath(TestData.checkpoint("tiny_ir", in: folder))).graph
    let half = try importCheckpoint(
      path: FilePath(TestData.checkpoint("tiny_ir", ["--half", "--format", format], in: folder))
    )
    .graph
    #expect(half != exact)
    func expectClose(_ half: [Float], _ exact: [Float]) {
      #expect(half.count == exact.count)
      // A weight and its BatchNorm's scale are each rounded to 11 bits.
      #expect(zip(half, exact).allSatisfy { abs($0 - $1) <= 0.004 * abs($1) + 0.004 })
    }
    #expect(half.topology == exact.topology)
    for name in ["head", "stem.0"] + (0..<6).flatMap({ ["blocks.\($0).body.0", "blocks.\($0).body.1"] }) {
      let (tensors, others) = (half.tensors(name), exact.tensors(name))
      try #require(tensors.count == others.count && tensors.count >= 2)
      for (values, others) in zip(tensors, others) { expectClose(values, others) }
    }
  }

  @Test("the network computes what PyTorch computes", arguments: ["tiny_ir_se", "tiny_ir"])
  func golden(net: String) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try TestData.checkpoint(net, in: folder)
    let goldenPath = folder("golden.npz")
    try TestData.script("checkpoints.py", "stored", "\(fixtures)/golden_\(net).npz", goldenPath)
    let golden = try StateDict(path: FilePath(goldenPath))
    let face = try #require(golden["faces"]).floats().prefix(112 * 112 * 3)
    for (channels, name) in [(nil, "embedding_bgr"), (.rgb, "embedding_rgb")] as [(ImageFormat.ChannelOrder?, String)] {
      let graph = try importCheckpoint(path: FilePath(checkpoint), choice(channels)).graph
      let embedding = try embedding(graph, Array(face))
      expectSame(embedding, try #require(golden[name]).floats())
    }
  }

  @Test("what was found is told: widths, depth, gates, parameters, source")
  func description() throws {
    let folder = try TemporaryFolder()
    let path = try TestData.checkpoint("tiny_ir_se", in: folder)
    let imported = try importCheckpoint(path: FilePath(path))
    let graph = imported.graph
    #expect(imported.architecture == "ir_se (8 blocks)")
    #expect(imported.source.name == "tiny_ir_se.pth")
    #expect(imported.contract.contains("InsightFace_Pytorch") && imported.licence == nil)
    let digest = try TestData.run([
      "-c", "import hashlib,sys;print(hashlib.sha256(open('\(path)','rb').read()).hexdigest())",
    ])
    #expect(imported.source.sha256 + "\n" == digest)
    #expect(try graph.image == .centred(112, 112, .bgr, 127.5))
    let second = (0..<8).compactMap { graph.convolution("blocks.\($0).body.1") }
    #expect(second.map(\.outputs) == [16, 16, 32, 64, 64, 64, 96, 96])
    #expect(second.map(\.window.stride.height) == [2, 1, 2, 2, 1, 1, 2, 1])
    #expect(second.allSatisfy { $0.activation == .none })
    let first = (0..<8).compactMap { graph.convolution("blocks.\($0).body.0") }
    #expect(first.allSatisfy { $0.window.stride == Size(1, 1) && $0.activation == .prelu })
    func operation(_ name: String) -> QuantRuntime.Operation? {
      graph.index(named: name).map { graph.nodes[$0].operation }
    }
    #expect(operation("blocks.0") == .add(Addition(base: .subsample(2), isGated: true)))
    #expect(operation("blocks.1") == .add(Addition(isGated: true)))
    #expect(
      (0..<8).map { operation("blocks.\($0).se") } == [1, 1, 2, 4, 4, 4, 6, 6].map { .gate(ChannelGate(hidden: $0)) })
    #expect(graph.convolution("head")?.window.kernel == Size(7, 7) && graph.convolution("head")?.outputs == 64)
    let shortcut = try #require(graph.convolution("blocks.2.shortcut"))
    #expect(shortcut.window.stride == Size(2, 2) && shortcut.window.kernel == Size(1, 1))
    let plain = try importCheckpoint(path: FilePath(TestData.checkpoint("tiny_ir", in: folder)))
    #expect(plain.architecture == "ir (6 blocks)")
    #expect(!plain.graph.nodes.contains { if case .gate = $0.operation { true } else { false } })
  }

  @Test("the full IR-SE50 is recognised")
  func fullSize() throws {
    let folder = try TemporaryFolder()
    let imported = try importCheckpoint(path: FilePath(TestData.checkpoint("ir_se50", in: folder)))
    #expect(imported.architecture == "ir_se50")
    #expect(imported.parameters == 43_797_696)
    #expect(imported.graph.additions.count == 24)
    #expect(imported.graph.tensors("head")[0].count == 512 * 7 * 7 * 512)
  }

  @Test("missing, unexpected and mis-shaped tensors are all in one message")
  func mismatch() throws {
    let folder = try TemporaryFolder()
    let path = folder("damaged.pth")
    try TestData.script("checkpoints.py", "damage", fixtures, "tiny_ir_se", path)
    expectFailure(path, naming: "looks like ir_se (8 blocks)") { try importCheckpoint(path: FilePath(path)) }
    expectFailure(
      path,
      naming: """
          missing (2):
            body.1.res_layer.1.weight
            body.1.res_layer.4.running_mean
          unexpected (1):
            classifier.weight
          of the wrong shape (1):
            body.2.res_layer.3.weight: [5, 5, 3, 3] instead of [32, 32, 3, 3]
        """
    ) { try importCheckpoint(path: FilePath(path)) }
  }

  @Test(
    "numbers that cannot be are named",
    arguments: [
      ("body.3.res_layer.3.weight", "nan"), ("body.3.res_layer.2.weight", "inf"), ("output_layer.3.bias", "-inf"),
      ("body.0.res_layer.5.fc2.weight", "nan"), ("input_layer.1.running_var", "-0.5"),
      ("body.2.res_layer.0.running_var", "-0.00001"),
    ])
  func numbers(name: String, value: String) throws {
    let folder = try TemporaryFolder()
    let path = folder("spoiled.pth")
    try TestData.script("checkpoints.py", "spoil", fixtures, "tiny_ir_se", name, value, path)
    expectFailure(path, naming: name) { try importCheckpoint(path: FilePath(path)) }
  }

  @Test("a channel that never fired has variance 0, and is read")
  func zeroVariance() throws {
    let folder = try TemporaryFolder()
    let path = folder("quiet.pth")
    try TestData.script("checkpoints.py", "spoil", fixtures, "tiny_ir_se", "input_layer.1.running_var", "0", path)
    #expect(try importCheckpoint(path: FilePath(path)).graph.tensors("stem.0")[1].allSatisfy(\.isFinite))
  }

  @Test(
    "MobileFaceNet under both sets of names",
    .enabled(if: TestData.hasShared, Comment(rawValue: TestData.sharedMissing)),
    arguments: [("mobilefacenet_y1.npz", 112), ("casia_112x96.ckpt", 96)])
  func mobileFaceNet(name: String, width: Int) throws {
    let checkpoint = TestData.shared.appending(path: "models/mobilefacenet/\(name)").path
    // y1 has InsightFace_Pytorch's names, but comes from InsightFace's own training in MXNet.
    let choice =
      width == 112
      ? ImportChoice(pixels: PixelFormatChoice(channels: .rgb, deviation: [128, 128, 128])) : ImportChoice()
    let imported = try importCheckpoint(path: FilePath(checkpoint), choice)
    #expect(imported.architecture == "mobilefacenet")
    #expect(try imported.graph.image == .centred(112, width, .rgb, 128))
    #expect(imported.graph.convolution("head")?.outputs == 128)
    try expectEmbedding(of: checkpoint, imported.graph)
  }

  @Test(
    "MobileFaceNet of InsightFace_Pytorch is fed as that repository feeds all its networks",
    .enabled(if: TestData.hasShared, Comment(rawValue: TestData.sharedMissing)))
  func insightFaceContract() throws {
    let checkpoint = TestData.shared.appending(path: "models/mobilefacenet/mobilefacenet_y1.npz").path
    let imported = try importCheckpoint(path: FilePath(checkpoint))
    #expect(try imported.graph.image == .centred(112, 112, .bgr, 127.5))
    #expect(imported.contract.contains("InsightFace_Pytorch, which feeds its networks BGR"))
    let pixels = PixelFormatChoice(channels: .rgb, mean: [1, 2, 3])
    let chosen = try importCheckpoint(path: FilePath(checkpoint), ImportChoice(pixels: pixels))
    #expect(try chosen.graph.image.mean == [1, 2, 3] && chosen.graph.image.deviation == [127.5, 127.5, 127.5])
    #expect(chosen.contract.hasPrefix("channels and mean as chosen; else its tensors"))
  }

  @Test(
    "MobileFaceNet as arcface_torch names it: a grouped convolution or blocks in second place, and single slopes",
    arguments: ["0", "1"])
  func arcFace(large: String) throws {
    let folder = try TemporaryFolder()
    let path = folder("mobile.pth")
    try TestData.script("checkpoints.py", "arcface", large, path)
    let imported = try importCheckpoint(path: FilePath(path))
    #expect(imported.architecture == "mobilefacenet")
    #expect(try imported.graph.image == .centred(112, 112, .rgb, 127.5))
    #expect(imported.graph.additions.count == (large == "1" ? 6 : 4))
    #expect(imported.graph.convolution("stem.1")?.grouping == (large == "1" ? nil : .groups(8)))
    try expectEmbedding(of: path, imported.graph)
  }

  @Test("pictures of other sizes, told from the linear layer", arguments: ["112x96", "224x224", "96x112"])
  func sizes(text: String) throws {
    let folder = try TemporaryFolder()
    let sides = text.split(separator: "x").compactMap { Int($0) }
    // That rows are fewer than columns no shape can tell.
    let choice = ImportChoice(size: text == "96x112" ? Size(sides[0], sides[1]) : nil)
    let residual = folder("ir.pth")
    try TestData.script("checkpoints.py", "residual", "1,1,1,1", "0", residual, text)
    let ir = try importCheckpoint(path: FilePath(residual), choice)
    #expect(try ir.graph.image == .centred(sides[0], sides[1], .bgr, 127.5))
    let path = folder("iresnet.pth")
    try TestData.script("checkpoints.py", "iresnet", path, text)
    let imported = try importCheckpoint(path: FilePath(path), choice)
    #expect(try imported.graph.image == .centred(sides[0], sides[1], .rgb, 127.5))
    try expectEmbedding(of: path, imported.graph, size: text)
  }

  @Test("a size that the network does not fit is refused") func wrongSize() throws {
    let folder = try TemporaryFolder()
    let path = folder("iresnet.pth")
    try TestData.script("checkpoints.py", "iresnet", path)
    expectFailure(path, naming: "fc.weight: [16, 490] instead of [16, 1960]") {
      try importCheckpoint(path: FilePath(path), ImportChoice(size: Size(224, 224)))
    }
    let mobile = folder("mobile.pth")
    try TestData.script("checkpoints.py", "arcface", "0", mobile)
    expectFailure(mobile, naming: "does not fit pictures of 224×224") {
      try importCheckpoint(path: FilePath(mobile), ImportChoice(size: Size(224, 224)))
    }
  }

  @Test(
    "the published depths, by their numbers of blocks",
    arguments: [("ir_se100", [3, 13, 30, 3]), ("ir100", [3, 13, 30, 3]), ("ir_se152", [3, 8, 36, 3])])
  func depths(name: String, blocks: [Int]) throws {
    let folder = try TemporaryFolder()
    let path = folder("deep.pth")
    try TestData.script(
      "checkpoints.py", "residual", blocks.map(String.init).joined(separator: ","), name.hasPrefix("ir_se") ? "1" : "0",
      path)
    let imported = try importCheckpoint(path: FilePath(path))
    #expect(imported.architecture == name)
    let count = blocks.reduce(0, +)
    #expect(imported.graph.additions.count == count)
    let strided = (0..<count).filter {
      imported.graph.convolution("blocks.\($0).body.1")?.window.stride == Size(2, 2)
    }
    #expect(strided == [0, blocks[0], blocks[0] + blocks[1], blocks[0] + blocks[1] + blocks[2]])
  }

  @Test("iresnet as arcface_torch names it")
  func iresnet() throws {
    let folder = try TemporaryFolder()
    let path = folder("iresnet.pth")
    try TestData.script("checkpoints.py", "iresnet", path)
    let imported = try importCheckpoint(path: FilePath(path))
    #expect(imported.architecture == "iresnet (6 blocks)")
    #expect(try imported.graph.image == .centred(112, 112, .rgb, 127.5))
    #expect(
      (0..<6).map { imported.graph.convolution("blocks.\($0).body.1")?.window.stride.height } == [2, 1, 2, 2, 1, 2])
    try expectEmbedding(of: path, imported.graph)
  }

  @Test("a network of another kind is not forced into one of these")
  func unknown() throws {
    let folder = try TemporaryFolder()
    let path = folder("small.pth")
    try TestData.script("checkpoints.py", "small", "zip", path)
    expectFailure(path, naming: "does not know (4 tensors: conv.weight") { try importCheckpoint(path: FilePath(path)) }
  }

  /// Expects the network's embedding of a noise image to be what NumPy computes from the checkpoint, unfolded.
  private func expectEmbedding(of checkpoint: String, _ graph: Graph<FloatLayer>, size: String? = nil) throws {
    let folder = try TemporaryFolder()
    let answerPath = folder("answer.npz")
    let script = TestData.scripts.appending(path: "checkpoints.py").path
    try TestData.run([script, "embed", checkpoint, answerPath] + (size.map { [$0] } ?? []))
    let answer = try StateDict(path: FilePath(answerPath))
    let embedding = try embedding(graph, try #require(answer["image"]).floats())
    expectSame(embedding, try #require(answer["embedding"]).floats())
  }

  /// What the graph's definition computes.
  ///
  /// - Parameter image: RGB [row][column][channel], 0…255.
  private func embedding(_ graph: Graph<FloatLayer>, _ image: [Float]) throws -> [Float] {
    let format = try graph.image
    let picture = normalised(image.map { UInt8($0) }, format, height: format.height, width: format.width)
    return try evaluate(graph, picture)[graph.outputs[0]].values.map { Float($0) }
  }

  private func choice(_ channels: ImageFormat.ChannelOrder?) -> ImportChoice {
    ImportChoice(pixels: PixelFormatChoice(channels: channels))
  }

  /// Unit vectors; `expected` may have further rows behind the first.
  private func expectSame(_ embedding: [Float], _ expected: [Float]) {
    #expect(expected.count >= embedding.count)
    #expect(zip(embedding, expected).allSatisfy { abs($0 - $1) <= 1e-4 })
    #expect(zip(embedding, expected).reduce(0) { $0 + Double($1.0) * Double($1.1) } >= 0.999_999)
  }
}

extension ImageFormat {
  fileprivate static func centred(_ height: Int, _ width: Int, _ channels: ChannelOrder, _ divisor: Float)
    -> ImageFormat
  {
    ImageFormat(
      height: height, width: width, channels: channels, mean: [127.5, 127.5, 127.5],
      deviation: [divisor, divisor, divisor])
  }
}
