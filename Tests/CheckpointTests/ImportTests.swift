import Checkpoint
import Foundation
import QuantRuntime
import Testing

@Suite("Import", .enabled(if: TestData.hasShared, Comment(rawValue: TestData.sharedMissing))) struct ImportTests {
  @Test("every way of saving gives the same network", arguments: ["tiny_ir_se", "tiny_ir"])
  func variants(net: String) throws {
    let folder = try TemporaryFolder()
    let expected = try importCheckpoint(path: FilePath(TestData.checkpoint(net, in: folder)))
    let variants = [
      ["--format", "zip"], ["--nested"], ["--module-prefix"], ["--format", "zip", "--nested", "--module-prefix"],
    ]
    for options in variants {
      let imported = try importCheckpoint(path: FilePath(TestData.checkpoint(net, options, in: folder)))
      #expect(imported.network == expected.network, "\(options)")
      #expect(imported.architecture == expected.architecture)
      #expect(imported.parameters == expected.parameters)
    }
    for format in ["npz", "safetensors"] {
      let path = folder.path("other.npz")
      let fixtures = try #require(TestData.shared).appending(path: "fixtures").path
      try TestData.script("checkpoints.py", "convert", fixtures, net, format, path)
      #expect(try importCheckpoint(path: FilePath(path)).network == expected.network, "\(format)")
    }
  }

  @Test("half floats give the network within their rounding", arguments: ["legacy", "zip"])
  func half(format: String) throws {
    let folder = try TemporaryFolder()
    let exact = try importCheckpoint(path: FilePath(TestData.checkpoint("tiny_ir", in: folder))).network
    let half = try importCheckpoint(
      path: FilePath(TestData.checkpoint("tiny_ir", ["--half", "--format", format], in: folder))
    )
    .network
    #expect(half != exact)
    func expectClose(_ half: [Float], _ exact: [Float]) {
      #expect(half.count == exact.count)
      // A weight and its BatchNorm's scale are each rounded to 11 bits.
      #expect(zip(half, exact).allSatisfy { abs($0 - $1) <= 0.004 * abs($1) + 0.004 })
    }
    expectClose(half.head.weights, exact.head.weights)
    expectClose(half.head.bias, exact.head.bias)
    for (half, exact) in zip(half.blocks.flatMap(\.body), exact.blocks.flatMap(\.body)) {
      expectClose(half.weights, exact.weights)
      expectClose(half.bias, exact.bias)
      #expect(half.geometry == exact.geometry)
    }
  }

  @Test("the network computes what PyTorch computes", arguments: ["tiny_ir_se", "tiny_ir"])
  func golden(net: String) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try TestData.checkpoint(net, in: folder)
    let goldenPath = folder.path("golden.npz")
    let fixture = try #require(TestData.shared).appending(path: "fixtures/golden_\(net).npz").path
    try TestData.script("checkpoints.py", "stored", fixture, goldenPath)
    let golden = try StateDict(path: FilePath(goldenPath))
    let face = try #require(golden["faces"]).floats().prefix(112 * 112 * 3)
    for (channels, name) in [(nil, "embedding_bgr"), (.rgb, "embedding_rgb")] as [(InputFormat.ChannelOrder?, String)] {
      let network = try importCheckpoint(path: FilePath(checkpoint), channels: channels).network
      let embedding = ReferenceForward(network: network).embedding(Array(face))
      expectSame(embedding, try #require(golden[name]).floats())
    }
  }

  @Test("what was found is told: widths, depth, gates, parameters, source")
  func description() throws {
    let folder = try TemporaryFolder()
    let path = try TestData.checkpoint("tiny_ir_se", in: folder)
    let imported = try importCheckpoint(path: FilePath(path))
    let network = imported.network
    #expect(imported.architecture == "ir_se (8 blocks)")
    #expect(imported.sourceName == "tiny_ir_se.pth")
    let digest = try TestData.run([
      "-c", "import hashlib,sys;print(hashlib.sha256(open('\(path)','rb').read()).hexdigest())",
    ])
    #expect(imported.sourceSHA256 + "\n" == digest)
    #expect(network.input == InputFormat(height: 112, width: 112, channels: .bgr, divisor: 127.5))
    #expect(network.blocks.map { $0.body[1].geometry.outputChannels } == [16, 16, 32, 64, 64, 64, 96, 96])
    #expect(network.blocks.map { $0.body[1].geometry.stride } == [2, 1, 2, 2, 1, 1, 2, 1])
    #expect(network.blocks.allSatisfy { $0.body[0].geometry.stride == 1 && $0.body[1].slopes == nil })
    #expect(network.blocks[0].shortcut == .subsample(stride: 2))
    #expect(network.blocks[1].shortcut == .identity)
    #expect(network.blocks.map { $0.squeezeExcite?.hidden } == [1, 1, 2, 4, 4, 4, 6, 6])
    #expect(network.head.inputHeight == 7 && network.head.inputChannels == 96 && network.head.embeddingSize == 64)
    guard case .convolution(let shortcut) = network.blocks[2].shortcut else {
      Issue.record("a block that widens has a convolution as its shortcut")
      return
    }
    #expect(shortcut.geometry.stride == 2 && shortcut.geometry.kernelHeight == 1)
    let plain = try importCheckpoint(path: FilePath(TestData.checkpoint("tiny_ir", in: folder)))
    #expect(plain.architecture == "ir (6 blocks)")
    #expect(plain.network.blocks.allSatisfy { $0.squeezeExcite == nil })
  }

  @Test("the full IR-SE50 is recognised")
  func fullSize() throws {
    let folder = try TemporaryFolder()
    let imported = try importCheckpoint(path: FilePath(TestData.checkpoint("ir_se50", in: folder)))
    #expect(imported.architecture == "ir_se50")
    #expect(imported.parameters == 43_797_696)
    #expect(imported.network.blocks.count == 24)
    #expect(imported.network.head.weights.count == 512 * 7 * 7 * 512)
  }

  @Test("missing, unexpected and mis-shaped tensors are all in one message")
  func mismatch() throws {
    let folder = try TemporaryFolder()
    let fixtures = try #require(TestData.shared).appending(path: "fixtures").path
    let path = folder.path("damaged.pth")
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
    let fixtures = try #require(TestData.shared).appending(path: "fixtures").path
    let path = folder.path("spoiled.pth")
    try TestData.script("checkpoints.py", "spoil", fixtures, "tiny_ir_se", name, value, path)
    expectFailure(path, naming: name) { try importCheckpoint(path: FilePath(path)) }
  }

  @Test("a channel that never fired has variance 0, and is read")
  func zeroVariance() throws {
    let folder = try TemporaryFolder()
    let fixtures = try #require(TestData.shared).appending(path: "fixtures").path
    let path = folder.path("quiet.pth")
    try TestData.script("checkpoints.py", "spoil", fixtures, "tiny_ir_se", "input_layer.1.running_var", "0", path)
    #expect(try importCheckpoint(path: FilePath(path)).network.stem[0].bias.allSatisfy(\.isFinite))
  }

  @Test(
    "MobileFaceNet under both sets of names",
    arguments: [("mobilefacenet_y1.npz", 112), ("casia_112x96.ckpt", 96)])
  func mobileFaceNet(name: String, width: Int) throws {
    let checkpoint = try #require(TestData.shared).appending(path: "models/mobilefacenet/\(name)").path
    let imported = try importCheckpoint(path: FilePath(checkpoint))
    #expect(imported.architecture == "mobilefacenet")
    #expect(imported.network.input == InputFormat(height: 112, width: width, channels: .rgb, divisor: 128))
    #expect(imported.network.head.embeddingSize == 128)
    try expectEmbedding(of: checkpoint, imported.network)
  }

  @Test(
    "the published depths, by their numbers of blocks",
    arguments: [("ir_se100", [3, 13, 30, 3]), ("ir100", [3, 13, 30, 3]), ("ir_se152", [3, 8, 36, 3])])
  func depths(name: String, blocks: [Int]) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("deep.pth")
    try TestData.script(
      "checkpoints.py", "residual", blocks.map(String.init).joined(separator: ","), name.hasPrefix("ir_se") ? "1" : "0",
      path)
    let imported = try importCheckpoint(path: FilePath(path))
    #expect(imported.architecture == name)
    #expect(imported.network.blocks.count == blocks.reduce(0, +))
    let strided = imported.network.blocks.indices.filter { imported.network.blocks[$0].body[1].geometry.stride == 2 }
    #expect(strided == [0, blocks[0], blocks[0] + blocks[1], blocks[0] + blocks[1] + blocks[2]])
  }

  @Test("iresnet as arcface_torch names it")
  func iresnet() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("iresnet.pth")
    try TestData.script("checkpoints.py", "iresnet", path)
    let imported = try importCheckpoint(path: FilePath(path))
    #expect(imported.architecture == "iresnet (6 blocks)")
    #expect(imported.network.input == InputFormat(channels: .rgb, divisor: 127.5))
    #expect(imported.network.blocks.map { $0.body[1].geometry.stride } == [2, 1, 2, 2, 1, 2])
    try expectEmbedding(of: path, imported.network)
  }

  @Test("a network of another kind is not forced into one of these")
  func unknown() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("small.pth")
    try TestData.script("checkpoints.py", "small", "zip", path)
    expectFailure(path, naming: "does not know (4 tensors: conv.weight") { try importCheckpoint(path: FilePath(path)) }
  }

  /// Expects the network's embedding of a noise image to be what NumPy computes from the checkpoint, unfolded.
  private func expectEmbedding(of checkpoint: String, _ network: Network) throws {
    let folder = try TemporaryFolder()
    let answerPath = folder.path("answer.npz")
    try TestData.script("checkpoints.py", "embed", checkpoint, answerPath)
    let answer = try StateDict(path: FilePath(answerPath))
    let embedding = ReferenceForward(network: network).embedding(try #require(answer["image"]).floats())
    expectSame(embedding, try #require(answer["embedding"]).floats())
  }

  /// Unit vectors; `expected` may have further rows behind the first.
  private func expectSame(_ embedding: [Float], _ expected: [Float]) {
    #expect(expected.count >= embedding.count)
    #expect(zip(embedding, expected).allSatisfy { abs($0 - $1) <= 1e-4 })
    #expect(zip(embedding, expected).reduce(0) { $0 + Double($1.0) * Double($1.1) } >= 0.999_999)
  }
}
