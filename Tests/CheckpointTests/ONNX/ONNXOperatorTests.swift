import Checkpoint
import FaceqSupport
import TestSupport
import Testing

/// One operator in the forms that opsets and exporters have for it, and what it becomes.
@Suite("Operators of ONNX files") struct ONNXOperatorTests {
  typealias Bytes = ONNXBytes

  private func translate(
    _ nodes: [[UInt8]], _ tensors: [[UInt8]] = [], input: [Int?] = [nil, 3, 8, 8], outputs: [String] = ["y"],
    opset: Int = 13, size: RowsAndColumns? = nil
  ) throws -> OperatorGraph {
    let bytes = Bytes.model(nodes, tensors: tensors, input: input, outputs: outputs, opset: opset)
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) {
      try ONNXModel(path: FilePath(try folder.write(bytes, "model.onnx"))).operators(size: size)
    }
  }

  private func kinds(
    _ nodes: [[UInt8]], _ tensors: [[UInt8]] = [], input: [Int?] = [nil, 3, 8, 8], opset: Int = 13
  ) throws -> [ONNXOperator] {
    try translate(nodes, tensors, input: input, opset: opset).operations.map(\.kind)
  }

  private let scalar = [Int]()

  @Test("Clip, with attributes, operands, and an operand left out")
  func clip() throws {
    let bounds = [Bytes.tensor("low", scalar, [0]), Bytes.tensor("high", scalar, [6])]
    let six = [ONNXOperator.clip(minimum: 0, maximum: 6)]
    #expect(try kinds([Bytes.node("Clip", ["x"], ["y"], [("min", .float(0)), ("max", .float(6))])], opset: 7) == six)
    #expect(try kinds([Bytes.node("Clip", ["x", "low", "high"], ["y"])], bounds) == six)
    #expect(
      try kinds([Bytes.node("Min", ["high", "x"], ["a"]), Bytes.node("Max", ["a", "low"], ["y"])], bounds) == [
        .clip(minimum: -.infinity, maximum: 6), .clip(minimum: 0, maximum: .infinity),
      ])
    #expect(
      try kinds([Bytes.node("Clip", ["x", "", "high"], ["y"])], bounds) == [.clip(minimum: -.infinity, maximum: 6)])
    #expect(try kinds([Bytes.node("Relu", ["x"], ["y"])]) == [.clip(minimum: 0, maximum: .infinity)])
  }

  @Test("PRelu's slopes in every shape that stretches to one per channel")
  func slopes() throws {
    let each: [ONNXOperator] = [.prelu(slopes: [0.1, 0.2, 0.3])]
    for shape in [[3, 1, 1], [1, 3, 1, 1], [3]] {
      #expect(
        try kinds([Bytes.node("PRelu", ["x", "s"], ["y"])], [Bytes.tensor("s", shape, [0.1, 0.2, 0.3])]) == each)
    }
    let same = (0..<192).map { Float([0.1, 0.2, 0.3][$0 / 64]) }
    #expect(try kinds([Bytes.node("PRelu", ["x", "s"], ["y"])], [Bytes.tensor("s", [3, 8, 8], same)]) == each)
    for shape in [scalar, [1], [1, 1, 1]] {
      #expect(
        try kinds([Bytes.node("PRelu", ["x", "s"], ["y"])], [Bytes.tensor("s", shape, [0.5])]) == [
          .prelu(slopes: [0.5])
        ])
    }
    // Slopes that exporters keep as [C] and unsqueeze in the graph.
    let unsqueezed = [Bytes.node("Unsqueeze", ["s", "axes"], ["t"]), Bytes.node("PRelu", ["x", "t"], ["y"])]
    #expect(try kinds(unsqueezed, [Bytes.tensor("s", [3], [0.1, 0.2, 0.3]), Bytes.tensor("axes", [1, 2])]) == each)
    let varying = Bytes.tensor("s", [1, 1, 8], [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(throws: FaceqError.self) { try kinds([Bytes.node("PRelu", ["x", "s"], ["y"])], [varying]) }
  }

  @Test("a linear layer as Gemm with either transpose, and as MatMul with Add")
  func linear() throws {
    let wanted: [ONNXOperator] = [.linear(weights: [1, 2, 3, 4, 5, 6], bias: [7, 8])]
    let rows = Bytes.tensor("w", [2, 3], [1, 2, 3, 4, 5, 6])
    let columns = Bytes.tensor("w", [3, 2], [1, 4, 2, 5, 3, 6])
    let bias = Bytes.tensor("b", [2], [7, 8])
    let flat = [Bytes.node("GlobalAveragePool", ["x"], ["g"]), Bytes.node("Flatten", ["g"], ["f"])]
    func tail(_ nodes: [[UInt8]], _ tensors: [[UInt8]]) throws -> [ONNXOperator] {
      Array(try kinds(flat + nodes, tensors).dropFirst(2))
    }
    #expect(try tail([Bytes.node("Gemm", ["f", "w", "b"], ["y"], [("transB", .integer(1))])], [rows, bias]) == wanted)
    #expect(try tail([Bytes.node("Gemm", ["f", "w", "b"], ["y"])], [columns, bias]) == wanted)
    #expect(
      try tail([Bytes.node("MatMul", ["f", "w"], ["m"]), Bytes.node("Add", ["b", "m"], ["y"])], [columns, bias])
        == wanted)
    let scaled = Bytes.node("Gemm", ["f", "w", "b"], ["y"], [("alpha", .float(2)), ("beta", .float(0.5))])
    #expect(try tail([scaled], [columns, bias]) == [.linear(weights: [2, 4, 6, 8, 10, 12], bias: [3.5, 4])])
  }

  @Test("automatic padding, and zeros that a Pad puts in front")
  func padding() throws {
    let weights = Bytes.tensor("w", [1, 3, 3, 3], [Float](repeating: 1, count: 27))
    func sides(_ nodes: [[UInt8]], opset: Int = 13, _ tensors: [[UInt8]] = []) throws -> Sides? {
      guard case .convolution(let convolution) = try kinds(nodes, [weights] + tensors, opset: opset).first else {
        return nil
      }
      return convolution.window.padding
    }
    func automatic(_ mode: String) throws -> Sides? {
      try sides([Bytes.node("Conv", ["x", "w"], ["y"], [("auto_pad", .text(mode)), ("strides", .integers([2, 2]))])])
    }
    #expect(try automatic("SAME_UPPER") == Sides(top: 0, left: 0, bottom: 1, right: 1))
    #expect(try automatic("SAME_LOWER") == Sides(top: 1, left: 1, bottom: 0, right: 0))
    #expect(try automatic("VALID") == Sides())
    let conv = Bytes.node("Conv", ["p", "w"], ["y"], [("pads", .integers([0, 0, 1, 1]))])
    let old = Bytes.node("Pad", ["x"], ["p"], [("pads", .integers([0, 0, 1, 2, 0, 0, 3, 4]))])
    let joined = Sides(top: 1, left: 2, bottom: 4, right: 5)
    #expect(try sides([old, conv], opset: 10) == joined)
    let pads = Bytes.tensor("pads", [0, 0, 1, 2, 0, 0, 3, 4])
    #expect(try sides([Bytes.node("Pad", ["x", "pads"], ["p"]), conv], [pads]) == joined)
    let partial = [Bytes.tensor("pads", [1, 2, 3, 4]), Bytes.tensor("axes", [2, -1])]
    #expect(try sides([Bytes.node("Pad", ["x", "pads", "", "axes"], ["p"]), conv], opset: 18, partial) == joined)
  }

  @Test("doubling by Upsample and Resize, with scales, sizes and sizes computed in the graph")
  func resize() throws {
    let double: [ONNXOperator] = [.resizeNearest(rows: 2, columns: 2)]
    let scales = Bytes.tensor("scales", [4], [1, 1, 2, 2])
    let upsample = Bytes.node("Upsample", ["x"], ["y"], [("scales", .floats([1, 1, 2, 2]))])
    #expect(try kinds([upsample], opset: 7) == double)
    #expect(try kinds([Bytes.node("Upsample", ["x", "scales"], ["y"])], [scales], opset: 9) == double)
    #expect(try kinds([Bytes.node("Resize", ["x", "scales"], ["y"])], [scales], opset: 10) == double)
    #expect(try kinds([Bytes.node("Resize", ["x", "", "scales"], ["y"])], [scales]) == double)
    let sizes = Bytes.tensor("sizes", [1, 3, 16, 16])
    let asymmetric: [(String, Bytes.Attribute)] = [
      ("coordinate_transformation_mode", .text("asymmetric")), ("nearest_mode", .text("floor")),
    ]
    #expect(try kinds([Bytes.node("Resize", ["x", "", "", "sizes"], ["y"], asymmetric)], [sizes]) == double)
    let corners = Bytes.node(
      "Resize", ["x", "", "scales"], ["y"],
      [("coordinate_transformation_mode", .text("align_corners")), ("nearest_mode", .text("floor"))])
    #expect(throws: FaceqError.self) { try kinds([corners], [scales]) }
    let uneven = Bytes.tensor("scales", [4], [1, 1, 1.5, 2])
    #expect(throws: FaceqError.self) { try kinds([Bytes.node("Resize", ["x", "", "scales"], ["y"])], [uneven]) }

    // Height and width doubled by nodes, as torch exports interpolate(scale_factor=2).
    let computed = [
      Bytes.node("Shape", ["x"], ["s"]), Bytes.node("Slice", ["s", "two", "four"], ["area"]),
      Bytes.node("Cast", ["area"], ["floats"], [("to", .integer(1))]),
      Bytes.node("Mul", ["floats", "factor"], ["grown"]),
      Bytes.node("Floor", ["grown"], ["floor"]), Bytes.node("Cast", ["floor"], ["area2"], [("to", .integer(7))]),
      Bytes.node("Slice", ["s", "zero", "two"], ["front"]),
      Bytes.node("Concat", ["front", "area2"], ["sizes"], [("axis", .integer(0))]),
      Bytes.node("Resize", ["x", "", "", "sizes"], ["y"], asymmetric),
    ]
    let numbers = [
      Bytes.tensor("zero", [0]), Bytes.tensor("two", [2]), Bytes.tensor("four", [4]),
      Bytes.tensor("factor", scalar, [2]),
    ]
    #expect(try kinds(computed, numbers) == double)
  }

  @Test("axes as attributes and as operands, Softmax of both meanings")
  func axes() throws {
    let mean: [ONNXOperator] = [.reduce(.mean, axes: [2, 3])]
    #expect(try kinds([Bytes.node("ReduceMean", ["x"], ["y"], [("axes", .integers([2, -1]))])]) == mean)
    #expect(try kinds([Bytes.node("ReduceMean", ["x", "a"], ["y"])], [Bytes.tensor("a", [-2, 3])], opset: 18) == mean)
    #expect(try kinds([Bytes.node("GlobalAveragePool", ["x"], ["y"])]) == mean)
    let dropped = Bytes.node("ReduceMean", ["x"], ["y"], [("axes", .integers([2, 3])), ("keepdims", .integer(0))])
    #expect(try translate([dropped]).shapes.last == [1, 3])
    #expect(try kinds([Bytes.node("Softmax", ["x"], ["y"])], opset: 12) == [.softmax(axes: [1, 2, 3])])
    #expect(try kinds([Bytes.node("Softmax", ["x"], ["y"])]) == [.softmax(axes: [3])])
    let sliced: [ONNXOperator] = [.slice(axis: 1, start: 2, step: -1)]
    let reversal = [
      Bytes.tensor("start", [-1]), Bytes.tensor("end", [Int.min]), Bytes.tensor("axis", [1]),
      Bytes.tensor("step", [-1]),
    ]
    #expect(try kinds([Bytes.node("Slice", ["x", "start", "end", "axis", "step"], ["y"])], reversal) == sliced)
    #expect(
      try kinds([Bytes.node("Gather", ["x", "i"], ["y"], [("axis", .integer(1))])], [Bytes.tensor("i", [2, 1, 0])])
        == sliced)
    let old = Bytes.node(
      "Slice", ["x"], ["y"], [("starts", .integers([1])), ("ends", .integers([.max])), ("axes", .integers([2]))])
    #expect(try kinds([old], opset: 9) == [.slice(axis: 2, start: 1, step: 1)])
  }

  @Test("a final normalisation in the words of several exporters")
  func normalisation() throws {
    let flat = [Bytes.node("GlobalAveragePool", ["x"], ["g"]), Bytes.node("Flatten", ["g"], ["f"])]
    let axis: (String, Bytes.Attribute) = ("axes", .integers([1]))
    let tiny = Bytes.tensor("tiny", scalar, [1e-12])
    let two = Bytes.tensor("two", scalar, [2])
    let forms: [[[UInt8]]] = [
      [Bytes.node("LpNormalization", ["f"], ["y"], [("axis", .integer(1))])],
      [Bytes.node("ReduceL2", ["f"], ["l"], [axis]), Bytes.node("Div", ["f", "l"], ["y"])],
      [
        Bytes.node("ReduceL2", ["f"], ["l"], [axis]), Bytes.node("Clip", ["l", "tiny"], ["c"]),
        Bytes.node("Shape", ["f"], ["s"]), Bytes.node("Expand", ["c", "s"], ["e"]),
        Bytes.node("Div", ["f", "e"], ["y"]),
      ],
      [
        Bytes.node("Pow", ["f", "two"], ["p"]), Bytes.node("ReduceSum", ["p", "axis"], ["r"]),
        Bytes.node("Sqrt", ["r"], ["l"]), Bytes.node("Add", ["l", "tiny"], ["c"]),
        Bytes.node("Div", ["f", "c"], ["y"]),
      ],
      [
        Bytes.node("Mul", ["f", "f"], ["p"]), Bytes.node("ReduceSum", ["p", "axis"], ["r"]),
        Bytes.node("Max", ["r", "tiny"], ["m"]), Bytes.node("Sqrt", ["m"], ["l"]),
        Bytes.node("Reciprocal", ["l"], ["i"]), Bytes.node("Mul", ["f", "i"], ["y"]),
      ],
      [
        Bytes.node("ReduceL2", ["f"], ["l"], [axis, ("keepdims", .integer(0))]),
        Bytes.node("Unsqueeze", ["l", "axis"], ["u"]), Bytes.node("Div", ["f", "u"], ["y"]),
      ],
    ]
    for form in forms {
      let kinds = try kinds(flat + form, [tiny, two, Bytes.tensor("axis", [1])])
      #expect(kinds.count == 3 && kinds.last == .normalise(axes: [1]), "\(kinds)")
    }
  }

  @Test("a batch that the file declares, and shapes that hold it")
  func batch() throws {
    let nodes = [Bytes.node("Reshape", ["x", "s"], ["y"])]
    let graph = try translate(nodes, [Bytes.tensor("s", [10, 192])], input: [10, 3, 8, 8])
    #expect(graph.shapes == [[1, 3, 8, 8], [1, 192]])
    let other = try translate([Bytes.node("Relu", ["x"], ["y"])], size: RowsAndColumns(rows: 5, columns: 7))
    #expect(other.shapes.first == [1, 3, 5, 7])
  }

  @Test("Split, Concat, Where, Equal and ConstantOfShape around them")
  func parts() throws {
    let split = [
      Bytes.node("Split", ["x", "lengths"], ["a", "b"], [("axis", .integer(1))]),
      Bytes.node("Concat", ["b", "a"], ["y"], [("axis", .integer(1))]),
    ]
    #expect(
      try kinds(split, [Bytes.tensor("lengths", [1, 2])]) == [
        .slice(axis: 1, start: 0, step: 1), .slice(axis: 1, start: 1, step: 1), .concatenate(axis: 1),
      ])
    // torch's expand_as: Where(Equal(shape, −1), ones, shape).
    let expand = [
      Bytes.node("Shape", ["x"], ["s"]), Bytes.node("Shape", ["s"], ["rank"]),
      Bytes.node("ConstantOfShape", ["rank"], ["ones"], [("value", .tensor(Bytes.tensor("", [1])))]),
      Bytes.node("Mul", ["ones", "minus"], ["minuses"]), Bytes.node("Equal", ["s", "minuses"], ["same"]),
      Bytes.node("Where", ["same", "ones", "s"], ["target"]),
      Bytes.node("GlobalAveragePool", ["x"], ["g"]), Bytes.node("Expand", ["g", "target"], ["y"]),
    ]
    let graph = try translate(expand, [Bytes.tensor("minus", [-1], shape: [])])
    #expect(graph.operations.map(\.kind) == [.reduce(.mean, axes: [2, 3]), .expand])
    #expect(graph.shapes.last == [1, 3, 8, 8])
  }

  @Test("BatchNormalization as scale and shift")
  func batchNormalisation() throws {
    let numbers = [
      Bytes.tensor("g", [3], [1, 2, 3]), Bytes.tensor("b", [3], [1, 1, 1]), Bytes.tensor("m", [3], [0, 1, 2]),
      Bytes.tensor("v", [3], [0.75, 3.75, 15.75]),
    ]
    let node = Bytes.node("BatchNormalization", ["x", "g", "b", "m", "v"], ["y"], [("epsilon", .float(0.25))])
    #expect(try kinds([node], numbers) == [.affine(scale: [1, 1, 0.75], shift: [1, 0, -0.5])])
  }

  // MARK: - The contract of the input

  private func entry(_ nodes: [[UInt8]], _ tensors: [[UInt8]], input: [Int?] = [nil, 3, 8, 8]) throws -> (
    EntryNormalisation, [ONNXOperator]
  ) {
    var graph = try translate(nodes + [Bytes.node("Relu", ["n"], ["y"])], tensors, input: input)
    let entry = graph.removeEntryNormalisation()
    #expect(graph.shapes.first == [1, 3, 8, 8])
    return (entry, graph.operations.map(\.kind))
  }

  @Test("Sub and Mul at the entry become the input's format")
  func entry() throws {
    let relu = [ONNXOperator.clip(minimum: 0, maximum: .infinity)]
    let mxnet = [Bytes.node("Sub", ["x", "m"], ["s"]), Bytes.node("Mul", ["s", "d"], ["n"])]
    let (pixels, rest) = try entry(
      mxnet, [Bytes.tensor("m", scalar, [127.5]), Bytes.tensor("d", scalar, [1 / 128])])
    #expect(rest == relu)
    let contract = InputContract(known: nil, entry: pixels)
    #expect(
      contract.mean == [127.5, 127.5, 127.5] && contract.deviation == [128, 128, 128] && contract.channels == .rgb)

    let torch = [Bytes.node("Sub", ["x", "m"], ["s"]), Bytes.node("Div", ["s", "d"], ["n"])]
    let (fractions, _) = try entry(
      torch,
      [Bytes.tensor("m", [1, 3, 1, 1], [0.5, 0.25, 0.125]), Bytes.tensor("d", [1, 3, 1, 1], [0.5, 0.25, 0.25])])
    let unit = InputContract(known: nil, entry: fractions)
    #expect(unit.mean == [127.5, 63.75, 31.875] && unit.deviation == [127.5, 63.75, 63.75])

    // TensorFlow: channels last, and BGR made in the graph.
    let last = [
      Bytes.node("Gather", ["x", "i"], ["b"], [("axis", .integer(3))]),
      Bytes.node("Transpose", ["b"], ["t"], [("perm", .integers([0, 3, 1, 2]))]), Bytes.node("Sub", ["t", "m"], ["n"]),
    ]
    let (reversed, _) = try entry(
      last, [Bytes.tensor("i", [2, 1, 0]), Bytes.tensor("m", [3, 1, 1], [10, 20, 30])], input: [nil, 8, 8, 3])
    #expect(reversed.reversesChannels)
    let bgr = InputContract(known: nil, entry: reversed)
    #expect(bgr.channels == .bgr && bgr.mean == [10, 20, 30] && bgr.deviation == [1, 1, 1])
  }

  @Test("what is known, assumed and chosen")
  func contract() {
    let plain = InputContract(known: nil, entry: EntryNormalisation())
    #expect(plain.channels == .rgb && plain.mean == [127.5, 127.5, 127.5] && plain.deviation == plain.mean)
    #expect(plain.reason.contains("assumed"))
    let digest = "9cc6e4a75f0e2bf0b1aed94578f144d15175f357bdc05e815e5c4a02b319eb4f"
    let known = InputContract(known: KnownModel.of(sha256: digest), entry: EntryNormalisation())
    #expect(known.mean == plain.mean && known.reason.contains("w600k_mbf"))
    let choice = PixelFormatChoice(channels: .bgr, mean: [1, 2, 3], deviation: [4, 5, 6])
    let chosen = InputContract(known: nil, entry: EntryNormalisation(), choice: choice)
    #expect(chosen.channels == .bgr && chosen.mean == [3, 2, 1] && chosen.deviation == [6, 5, 4])
    #expect(KnownModel.of(sha256: String(repeating: "0", count: 64)) == nil)
    #expect(KnownModel.all.allSatisfy { $0.sha256.count == 64 && !$0.licence.isEmpty })
  }
}
