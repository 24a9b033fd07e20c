import Checkpoint
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

@Suite("Hostile ONNX files") struct ONNXHostileTests {
  typealias Bytes = ONNXBytes

  /// A small net that most of the reader sees: convolution, shape arithmetic, normalisation.
  static let small = Bytes.model(
    [
      Bytes.node("Sub", ["x", "mean"], ["n"]),
      Bytes.node(
        "Conv", ["n", "w", "b"], ["c"], name: "conv", [("pads", .integers([1, 1, 1, 1])), ("group", .integer(1))]),
      Bytes.node("PRelu", ["c", "s"], ["p"]), Bytes.node("GlobalAveragePool", ["p"], ["g"]),
      Bytes.node("Shape", ["g"], ["shape"]),
      Bytes.node("Gather", ["shape", "zero"], ["batch"], [("axis", .integer(0))]),
      Bytes.node("Constant", [], ["rest"], [("value", .tensor(Bytes.tensor("", [-1])))]),
      Bytes.node("Unsqueeze", ["batch", "zeros"], ["batches"]),
      Bytes.node("Concat", ["batches", "rest"], ["target"], [("axis", .integer(0))]),
      Bytes.node("Reshape", ["g", "target"], ["f"]), Bytes.node("Gemm", ["f", "m"], ["y"], [("transB", .integer(1))]),
    ],
    tensors: [
      Bytes.tensor("mean", [3, 1, 1], [1, 2, 3]), Bytes.tensor("w", [2, 3, 1, 1], [1, 2, 3, 4, 5, 6]),
      Bytes.tensor("b", [2], contents: Bytes.field(4, Bytes.floats([1, 2]))),
      Bytes.tensor("s", [2, 1, 1], [0.1, 0.2]),
      Bytes.tensor("zero", [0], shape: []), Bytes.tensor("zeros", [0]), Bytes.tensor("m", [2, 2], [1, 0, 0, 1]),
    ])

  private func translate(_ path: String) throws -> OperatorGraph {
    let operators = try ONNXModel(path: FilePath(path)).operators()
    do {
      let imported = try importONNX(path: FilePath(path)).embedder(path: FilePath(path))
      // What is imported is written down as it will be read.
      #expect(try Graph<Never>(listing: imported.graph.listing) == imported.graph.topology)
      _ = try Model(.float(imported.graph), imported.description)
    } catch {
      // Operators that no graph has are nothing to complain about here, as long as the file is named.
      #expect(error.message.hasPrefix(path), "\(error.message)")
    }
    return operators
  }

  @Test("the small file itself is fine")
  func sound() throws {
    let folder = try TemporaryFolder()
    let graph = try translate(try folder.write(Self.small))
    #expect(graph.shapes.last == [1, 2])
    #expect(graph.operations.count == 6)
  }

  @Test("every truncation")
  func truncations() throws {
    let folder = try TemporaryFolder()
    for length in 0..<Self.small.count {
      let path = try folder.write(Array(Self.small[..<length]))
      expectFailure(path) { try translate(path) }
    }
  }

  @Test("every flipped bit, and every byte made large")
  func flips() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.small)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    var namelessMessages: [String] = []
    for (position, byte) in Self.small.enumerated() {
      for bits in (0..<8).map({ 1 << UInt8($0) }) + [0xFF, 0x7F] as [UInt8] {
        try file.seek(toOffset: UInt64(position))
        try file.write(contentsOf: [byte ^ bits])
        do {
          _ = try translate(path)
        } catch let error as FaceqError {
          if !error.message.hasPrefix(path) { namelessMessages.append(error.message) }
        }
      }
      try file.seek(toOffset: UInt64(position))
      try file.write(contentsOf: [byte])
    }
    #expect(namelessMessages == [])
    #expect(try translate(path).operations.count == 6)
  }

  @Test("what contradicts itself")
  func contradictions() throws {
    let folder = try TemporaryFolder()
    let relu = Bytes.node("Relu", ["x"], ["y"])
    let cases: [([UInt8], String)] = [
      (Array("<!DOCTYPE html>".utf8), "not an ONNX file"),
      (Array("version https://git-lfs.github.com/spec/v1\noid sha256:0".utf8), "git lfs pull"),
      (Bytes.field(1, 8), "no graph"), (Bytes.field(1, 8) + Bytes.field(7, Bytes.field(1, relu)), "which version"),
      (Bytes.model([relu], opset: 6), "opset 6"), (Bytes.model([relu], extra: Bytes.field(25, "f")), "functions"),
      (Bytes.model([relu], extra: Bytes.field(7, [])), "2 graphs"), (Bytes.model([relu], outputs: []), "no output"),
      (Bytes.model([relu], outputs: ["z"]), "nothing makes its output z"),
      (Bytes.model([Bytes.node("Relu", ["q"], ["y"])]), "reads q, which nothing makes"),
      (Bytes.model([Bytes.node("Relu", ["y"], ["y"])]), "cycle"),
      (Bytes.model([Bytes.node("Add", ["x", "b"], ["a"]), Bytes.node("Relu", ["a"], ["b"]), relu]), "cycle"),
      (Bytes.model([Bytes.node("Relu", ["a"], ["y"]), Bytes.node("Relu", ["x"], ["a"])]), "in no order"),
      (Bytes.model([relu, relu]), "two of its nodes make the value y"),
      (Bytes.model([relu], tensors: [Bytes.tensor("y", [1], [1])]), "make the value y"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [1], [1]), Bytes.tensor("c", [1], [1])]), "tensor c twice"),
      (Bytes.model([relu], tensors: [Bytes.tensor("", [1], [1])]), "without a name"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [2], [1])]), "4 bytes where its shape [2] needs 8"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [2], contents: Bytes.field(4, Float(1)))]), "1 numbers"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [-1], [])]), "impossible shape"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [1 << 30, 1 << 30, 1 << 30], [])]), "impossible shape"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [.max], [])]), "impossible shape"),
      // Products that overflow to what is allowed.
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [1 << 30, 8, 1 << 30], [])]), "impossible shape"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [1 << 30, 8, 1 << 30, 2], [])]), "impossible shape"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [0, 1 << 30, 1 << 30, 1 << 30], [])]), "impossible shape"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [Int](repeating: 1, count: 9), [1])]), "more than 8"),
      (Bytes.model([relu], tensors: [Bytes.tensor("c", [1], [1]) + Bytes.field(3, [])]), "segments"),
      (Bytes.model([relu], extra: Bytes.field(7, Bytes.field(15, []))), "sparse"),
      (Bytes.model([relu], input: [nil, 4, 8, 8]), "three channels"),
      (Bytes.model([relu], input: [nil, 3]), "no image"),
      (Bytes.model([relu], input: [nil, 3, 1 << 40, 8]), "16384"),
      (Bytes.model([Bytes.node("Add", ["x", "z"], ["y"])], inputs: [Bytes.value("z", [1])]), "2 inputs (x, z)"),
      (
        Bytes.model([Bytes.node("Identity", ["c"], ["y"])], tensors: [Bytes.tensor("c", [1], [1])]),
        "nothing from an image"
      ),
      (
        Bytes.model(
          [relu, Bytes.node("Identity", ["c"], ["z"])], tensors: [Bytes.tensor("c", [1], [1])], outputs: ["y", "z"]),
        "z, that does not depend"
      ),
    ]
    for (bytes, detail) in cases {
      let path = try folder.write(bytes)
      expectFailure(path, naming: detail) { try translate(path) }
    }
  }

  @Test("nodes that ask for memory out of proportion, or what cannot be")
  func nodes() throws {
    let folder = try TemporaryFolder()
    let vast = Bytes.tensor("c", [1 << 30])
    let tensors = [
      vast, Bytes.tensor("big", [1 << 40, 1 << 40]), Bytes.tensor("zero", [0], shape: []),
      Bytes.tensor("one", [1], shape: []), Bytes.tensor("w", [2, 3, 1, 1], [1, 2, 3, 4, 5, 6]),
      Bytes.tensor("f", [1], [.nan]), Bytes.tensor("none", [Int]()), Bytes.tensor("low", [Int.min]),
      Bytes.tensor("minus", [-1], shape: []), Bytes.tensor("empty", [0, 1 << 62, 1 << 62]),
      Bytes.tensor("long", [1 << 39, 0]), Bytes.tensor("t", [3, 1, 2, 2], [Float](repeating: 1, count: 12)),
    ]
    let (reversed, lengths): ([(String, Bytes.Attribute)], [(String, Bytes.Attribute)]) = (
      [("perm", .integers([2, 1, 0]))], [("output_shape", .integers([.min, .min]))]
    )
    let cases: [[[UInt8]]] = [
      [Bytes.node("ConstantOfShape", ["c"], ["v"]), Bytes.node("Add", ["x", "v"], ["y"])],
      [Bytes.node("ConstantOfShape", ["big"], ["v"]), Bytes.node("Add", ["x", "v"], ["y"])],
      [Bytes.node("Expand", ["one", "c"], ["v"]), Bytes.node("Add", ["x", "v"], ["y"])],
      [Bytes.node("Expand", ["x", "big"], ["y"])],
      [Bytes.node("ConstantOfShape", ["empty"], ["v"]), Bytes.node("Transpose", ["v"], ["y"], reversed)],
      [Bytes.node("ConstantOfShape", ["empty"], ["v"]), Bytes.node("Flatten", ["v"], ["y"])],
      [Bytes.node("ConstantOfShape", ["long"], ["v"]), Bytes.node("Transpose", ["v"], ["y"])],
      [Bytes.node("Reshape", ["none", "empty"], ["y"], [("allowzero", .integer(1))])],
      [Bytes.node("ConvTranspose", ["x", "t"], ["y"], lengths)],
      [Bytes.node("Range", ["zero", "c", "one"], ["v"]), Bytes.node("Add", ["x", "v"], ["y"])],
      [Bytes.node("Div", ["c", "zero"], ["v"]), Bytes.node("Reshape", ["x", "v"], ["y"])],
      [Bytes.node("Div", ["low", "minus"], ["v"]), Bytes.node("Reshape", ["x", "v"], ["y"])],
      [Bytes.node("Cast", ["f"], ["v"], [("to", .integer(7))]), Bytes.node("Reshape", ["x", "v"], ["y"])],
      [Bytes.node("Reshape", ["x", "big"], ["y"])], [Bytes.node("Reshape", ["x", "low"], ["y"])],
      [Bytes.node("Gather", ["c", "low"], ["v"]), Bytes.node("Reshape", ["x", "v"], ["y"])],
      [Bytes.node("Squeeze", ["x", "low"], ["y"])], [Bytes.node("Unsqueeze", ["x", "low"], ["y"])],
      [Bytes.node("Pad", ["x", "c"], ["y"])], [Bytes.node("Tile", ["x", "c"], ["y"])],
      [Bytes.node("Slice", ["x", "low", "low", "low", "low"], ["y"])],
      [Bytes.node("Conv", ["x", "w"], ["y"], [("group", .integer(.max))])],
      [Bytes.node("Conv", ["x", "w"], ["y"], [("group", .integer(0))])],
      [Bytes.node("Conv", ["x", "w"], ["y"], [("strides", .integers([0, 1]))])],
      [Bytes.node("Conv", ["x", "w"], ["y"], [("pads", .integers([.max, .max, .max, .max]))])],
      [Bytes.node("Conv", ["x", "w"], ["y"], [("dilations", .integers([.min, 1]))])],
      [Bytes.node("Conv", ["x", "x"], ["y"])], [Bytes.node("Conv", ["x"], ["y"])], [Bytes.node("Conv", [], ["y"])],
      [Bytes.node("Conv", ["x", "none"], ["y"])], [Bytes.node("PRelu", ["x", "none"], ["y"])],
      [Bytes.node("MaxPool", ["x"], ["y"], [("kernel_shape", .integers([9, 9]))])],
      [Bytes.node("MaxPool", ["x"], ["y"], [("kernel_shape", .integers([1 << 40, 1]))])],
      [Bytes.node("Transpose", ["x"], ["y"], [("perm", .integers([0, 0, 1, 2]))])],
      [Bytes.node("Concat", ["x", "x"], ["y"], [("axis", .integer(.min))])],
      [Bytes.node("Concat", ["x", "x"], ["y"])], [Bytes.node("Split", ["x"], [], [("axis", .integer(1))])],
      [Bytes.node("Flatten", ["x"], ["y"], [("axis", .integer(.max))])],
      [Bytes.node("Resize", ["x", "", "f"], ["y"])], [Bytes.node("Resize", ["x", "", "", "c"], ["y"])],
      [Bytes.node("BatchNormalization", ["x", "f", "f", "f", "f"], ["y"])],
      [Bytes.node("Softmax", ["x"], ["y"], [("axis", .integer(9))])],
      [Bytes.node("Clip", ["x", "none"], ["y"])], [Bytes.node("Mul", ["x", "f"], ["y"])],
      [Bytes.node("Mul", ["x", "none"], ["y"])], [Bytes.node("Gemm", ["x", "w"], ["y"])],
      [Bytes.node("Constant", [], ["y"])], [Bytes.node("Cast", ["x"], ["y"])],
      [
        Bytes.node("MaxPool", ["x"], ["a", "b"], [("kernel_shape", .integers([2, 2]))]),
        Bytes.node("Add", ["a", "b"], ["y"]),
      ],
    ]
    for nodes in cases {
      let path = try folder.write(Bytes.model(nodes, tensors: tensors))
      expectFailure(path) { try translate(path) }
    }
  }

  @Test("one long chain, and constants that double sixty times")
  func growth() throws {
    let folder = try TemporaryFolder()
    let names = ["x"] + (0..<20_000).map { "v\($0)" }
    let chain = zip(names, names.dropFirst()).map { Bytes.node("Relu", [$0], [$1]) }
    let long = try folder.write(Bytes.model(chain, outputs: [names[20_000]]))
    #expect(try translate(long).operations.count == 20_000)

    let lists = ["c"] + (0..<60).map { "c\($0)" }
    var doubling = zip(lists, lists.dropFirst()).map { Bytes.node("Concat", [$0, $0], [$1], [("axis", .integer(0))]) }
    doubling.append(Bytes.node("Reshape", ["x", "c59"], ["y"]))
    let greedy = try folder.write(Bytes.model(doubling, tensors: [Bytes.tensor("c", [1, 3, 8, 8])]))
    expectFailure(greedy, naming: "far more numbers") { try translate(greedy) }

    let empty = try folder.write(Bytes.model([[UInt8]](repeating: Bytes.node("A", [], []), count: 120_000)))
    expectFailure(empty, naming: "100000 nodes") { try translate(empty) }

    // A graph in a graph in a graph: nothing looks into them.
    var deep: [UInt8] = []
    for _ in 0..<10_000 {
      deep = Bytes.field(1, Bytes.node("If", [], ["y"]) + Bytes.field(5, Bytes.field(1, "then") + Bytes.field(6, deep)))
    }
    let nested = try folder.write(
      Bytes.field(1, 8) + Bytes.field(7, deep + Bytes.field(12, Bytes.value("y", [])))
        + Bytes.field(8, Bytes.field(2, 13)))
    expectFailure(nested) { try translate(nested) }
  }

  @Test("weights that thousands of nodes share, and weights that dilation spreads far apart")
  func weights() throws {
    let folder = try TemporaryFolder()
    let shared = Bytes.tensor("w", [3, 3, 8, 8], [Float](repeating: 1, count: 576))
    let names = ["x"] + (0..<5_000).map { "v\($0)" }
    let same: [(String, Bytes.Attribute)] = [("auto_pad", .text("SAME_UPPER"))]
    let chain = zip(names, names.dropFirst()).map { Bytes.node("Conv", [$0, "w"], [$1], same) }
    let long = try folder.write(Bytes.model(chain, tensors: [shared], outputs: [names[5_000]]))
    expectFailure(long, naming: "far too often") { try importONNX(path: FilePath(long)) }
    let far: [(String, Bytes.Attribute)] = [
      ("dilations", .integers([36, 36])), ("pads", .integers([126, 126, 126, 126])),
    ]
    let wide = Bytes.tensor("w", [64, 3, 8, 8], [Float](repeating: 1, count: 12_288))
    let spread = try folder.write(Bytes.model([Bytes.node("Conv", ["x", "w"], ["y"], far)], tensors: [wide]))
    expectFailure(spread, naming: "spreads them too far") { try importONNX(path: FilePath(spread)) }
  }

  @Test("every node that cannot be computed is named at once")
  func unsupported() throws {
    let folder = try TemporaryFolder()
    let nodes = [
      Bytes.node("LSTM", ["x"], ["a"], name: "memory"), Bytes.node("Relu", ["a"], ["b"]),
      Bytes.node("GridSample", ["b"], ["c"], name: "warp"), Bytes.node("LSTM", ["c"], ["d"]),
      Bytes.node("FusedConv", ["x"], ["e"], name: "fused", domain: "com.microsoft"),
      Bytes.node("Resize", ["x", "", "s"], ["f"], name: "up", [("mode", .text("linear"))]),
      Bytes.node("Unused", ["x"], ["u"], name: "aside"), Bytes.node("Concat", ["d", "e", "f"], ["y"]),
    ]
    let path = try folder.write(Bytes.model(nodes, tensors: [Bytes.tensor("s", [4], [1, 1, 2, 2])]))
    do {
      _ = try translate(path)
      Issue.record("it was translated")
    } catch let error as FaceqError {
      for detail in [
        path, "LSTM: memory, d", "GridSample: warp", "com.microsoft.FusedConv: fused", "Resize in the mode linear: up",
      ] { #expect(error.message.contains(detail), "\(error.message)") }
      #expect(!error.message.contains("aside") && !error.message.contains("Relu"))
    }
  }

  @Test("a quantised file is told to bring the float one")
  func quantised() throws {
    let folder = try TemporaryFolder()
    let nodes = [
      Bytes.node("QuantizeLinear", ["x", "s", "z"], ["q"]), Bytes.node("DequantizeLinear", ["q", "s", "z"], ["y"]),
    ]
    let tensors = [Bytes.tensor("s", [1], [1]), Bytes.tensor("z", [0])]
    let path = try folder.write(Bytes.model(nodes, tensors: tensors))
    expectFailure(path, naming: "import the float model") { try translate(path) }
  }
}
