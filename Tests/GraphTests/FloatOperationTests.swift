import FaceqSupport
import GraphReference
import QuantRuntime
import Testing

/// What each operation computes, on pictures small enough to follow by hand.
struct FloatOperationTests {
  /// The last value's channel of a graph of which the image is `rows` in the first channel.
  private func result(
    _ lines: String, _ rows: [[Double]], _ tensors: [String: [Float]] = [:], channel: Int = 0
  ) throws -> [[Double]] {
    let graph = try graph("%0 = image \(rows.count)×\(rows[0].count) rgb\n" + lines, tensors)
    return try evaluate(graph, picture(rows))[graph.outputs[0]].channel(channel)
  }

  private let counting: [[Double]] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
  /// Of a 1×1 convolution of three channels: takes the first as it is.
  private let first: [Float] = [1, 0, 0]

  @Test func aKernelMayBeHigherThanWideAndPaddedOnOneSide() throws {
    // Three weights above each other, with a row of zeros above the picture only.
    let weights: [Float] = [1, 0, 0, 10, 0, 0, 100, 0, 0]
    let column = try result(
      "%1 = convolution %0 → 1, 3×1, padding 1 0 0 0  c\noutputs %1", counting, ["c.weight": weights, "c.bias": [0.5]])
    #expect(column == [[410.5, 520.5, 630.5], [741.5, 852.5, 963.5]])
    let row = try result(
      "%1 = convolution %0 → 1, 1×3, stride 1×2, padding 0 0 0 2  c\noutputs %1", counting,
      ["c.weight": weights, "c.bias": [0]])
    #expect(row == [[321, 3], [654, 6], [987, 9]])
  }

  @Test func groupsReadTheirOwnChannels() throws {
    let lines = """
      %1 = convolution %0 → 4, 1×1  spread
      %2 = convolution %1 → 4, 1×1, groups 2  groups
      %3 = convolution %1 → 4, 1×1, depthwise  depthwise
      %4 = concatenate %2, %3
      outputs %4
      """
    // Channels 1, 2, 3, 4 times the picture.
    let spread: [Float] = [1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0]
    let values: [[[Double]]] = try (0..<8).map {
      try result(
        lines, [[1]],
        [
          "spread.weight": spread, "spread.bias": [0], "groups.weight": [1, 10, 2, 20, 1, 10, 2, 20],
          "groups.bias": [0], "depthwise.weight": [5, 6, 7, 8], "depthwise.bias": [0],
        ], channel: $0)
    }
    #expect(values.map { $0[0][0] } == [21, 42, 43, 86, 5, 12, 21, 32])
  }

  @Test(arguments: [
    ("", [-8, -2, 0, 2, 8]), (", relu", [0, 0, 0, 2, 8]), (", leaky 0.25", [-2, -0.5, 0, 2, 8]),
    (", clamp 0…6", [0, 0, 0, 2, 6]), (", clamp -4…4", [-4, -2, 0, 2, 4]), (", prelu", [16, 4, 0, 2, 8]),
  ])
  func activationsAreWhatTheySay(_ activation: String, _ expected: [Double]) throws {
    let values: [[Double]] = [[-8, -2, 0, 2, 8]]
    let slope: [String: [Float]] = ["c.slope": [-2]]
    #expect(try result("%1 = copy %0\(activation)  c\noutputs %1", values, slope)[0] == expected)
    let affine = try result(
      "%1 = affine %0\(activation)  c\noutputs %1", [values[0].map { $0 / 2 - 1 }],
      slope.merging(["c.scale": [2], "c.shift": [2]]) { $1 })
    #expect(affine[0] == expected)
    let convolution = try result(
      "%1 = convolution %0 → 1, 1×1\(activation)  c\noutputs %1", values,
      slope.merging(["c.weight": first, "c.bias": [0]]) { $1 })
    #expect(convolution[0] == expected)
    let sum = try result("%1 = add %0, %0\(activation)  c\noutputs %1", [values[0].map { $0 / 2 }], slope)
    #expect(sum[0] == expected)
  }

  @Test func poolsOfPartialWindows() throws {
    #expect(try result("%1 = max pool %0, 2×2, stride 2\noutputs %1", counting) == [[5]])
    #expect(try result("%1 = max pool %0, 2×2, stride 2, ceil\noutputs %1", counting) == [[5, 6], [8, 9]])
    let negative = counting.map { $0.map { -$0 } }
    // Padding never wins, though all values are below 0.
    #expect(try result("%1 = max pool %0, 2×2, stride 2, padding 1\noutputs %1", negative) == [[-1, -2], [-4, -5]])
    #expect(try result("%1 = average pool %0, 2×2, stride 2, ceil\noutputs %1", counting) == [[3, 4.5], [7.5, 9]])
    let padded = "%1 = average pool %0, 2×2, stride 2, padding 1"
    #expect(try result("\(padded)\noutputs %1", counting) == [[1, 2.5], [5.5, 7]])
    #expect(try result("\(padded), padding counts\noutputs %1", counting) == [[0.25, 1.25], [2.75, 7]])
    #expect(try result("%1 = global average %0\noutputs %1", counting) == [[5]])
  }

  /// 2 × 2 and 4 × 4 with stride 2, as PyTorch's ConvTranspose2d computes them.
  @Test func transposedConvolutionsSpreadTheirKernel() throws {
    let two = try result(
      "%1 = transposed convolution %0 → 1, 2×2, stride 2  t\noutputs %1", [[1, 2]],
      ["t.weight": [1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0], "t.bias": [0.5]])
    #expect(two == [[1.5, 2.5, 2.5, 4.5], [3.5, 4.5, 6.5, 8.5]])
    let four = try result(
      "%1 = transposed convolution %0 → 1, 4×4, stride 2, padding 1  t\noutputs %1", [[1, 10]],
      ["t.weight": (1...16).flatMap { [Float($0), 0, 0] }, "t.bias": [0]])
    #expect(four == [[6, 57, 68, 70], [10, 101, 112, 110]])
  }

  @Test func additionsResampleTheirOperands() throws {
    let lines = """
      %1 = max pool %0, 1×1, stride 2
      %2 = add subsample 2 %0, %1
      %3 = add %0, upsample %1
      outputs %2
      """
    let square: [[Double]] = [[1, 2, 3, 4], [5, 6, 7, 8]]
    #expect(try result(lines, square) == [[2, 6]])
    #expect(
      try result(lines.replacing("outputs %2", with: "outputs %3"), square) == [[2, 3, 6, 7], [6, 7, 10, 11]])
  }

  @Test func gatesWithAndWithoutBiases() throws {
    let lines = """
      %1 = gate %0, hidden 2  se
      %2 = add %0, %0 · %1
      outputs %2
      """
    // Mean 2; hidden 4 and max(−2, 0); 0 into the sigmoid.
    let weights: [String: [Float]] = [
      "se.reduce": [2, 0, 0, -1, 0, 0], "se.expand": [0, 7, 0, 0, 0, 0], "se.reduce_bias": [0, 3],
      "se.expand_bias": [-7, 0, 0],
    ]
    #expect(try result(lines, [[1, 3]], weights) == [[1.5, 4.5]])
    let biased = lines.replacing("hidden 2", with: "hidden 2, biases")
    // The second hidden value becomes 1, and the biases take 7 from 7 again.
    #expect(try result(biased, [[1, 3]], weights) == [[1.5, 4.5]])
    #expect(
      try result(lines.replacing("add %0, %0 · %1", with: "multiply %0, %1"), [[1, 3]], weights) == [[0.5, 1.5]])
  }

  @Test func channelsAreMovedAround() throws {
    let lines = """
      %1 = convolution %0 → 8, 1×1  spread
      %2 = depth to space %1, 2×2
      %3 = slice %2 → 1, from 1
      %4 = upsample %3
      %5 = depth to space %1, 2×2, crop 1
      outputs %3
      """
    let tensors: [String: [Float]] = ["spread.weight": (1...8).flatMap { [Float($0), 0, 0] }, "spread.bias": [0]]
    let picture: [[Double]] = [[1, 10]]
    #expect(
      try result(lines.replacing("2×2, crop 1", with: "2×2"), picture, tensors) == [[2, 4, 20, 40], [6, 8, 60, 80]])
    let larger: [[Double]] = [[1, 10], [100, 1000]]
    #expect(
      try result(lines.replacing("outputs %3", with: "outputs %5"), larger, tensors) == [[7, 50], [300, 1000]])
  }

  @Test func outputsAreProbabilitiesAndUnitVectors() throws {
    let lines = """
      %1 = convolution %0 → 2, 1×1  two
      %2 = softmax %1
      %3 = sigmoid %1
      %4 = normalise %1
      outputs %2, %3, %4
      """
    let tensors: [String: [Float]] = ["two.weight": [3, 0, 0, 4, 0, 0], "two.bias": [0]]
    let graph = try graph("%0 = image 1×1 rgb\n" + lines, tensors)
    let values = try evaluate(graph, picture([[1]]))
    #expect(abs(values[2].values[1] - 0.731_058_578_630_004_9) < 1e-14)
    #expect(abs(values[2].values[0] + values[2].values[1] - 1) < 1e-14)
    #expect(abs(values[3].values[0] - 0.952_574_126_822_433_3) < 1e-14)
    #expect(values[4].values == [0.6, 0.8])
    #expect(try evaluate(graph, picture([[0]]))[4].values == [0, 0])
  }

  /// Upsampling and additions from the coarsest level to the finest; all three levels are outputs.
  @Test func aFeaturePyramidOfThreeLevels() throws {
    let lines = """
      %0 = image 4×4 rgb
      %1 = convolution %0 → 1, 1×1  c3
      %2 = max pool %1, 2×2, stride 2
      %3 = max pool %2, 2×2, stride 2
      %4 = convolution %2 → 1, 1×1  lateral.4
      %5 = add %4, upsample %3  p4
      %6 = add %1, upsample %5  p3
      outputs %6, %5, %3
      """
    let one: [String: [Float]] = ["c3.weight": first, "c3.bias": [0], "lateral.4.weight": [10], "lateral.4.bias": [0]]
    let graph = try graph(lines, one)
    let rows = (0..<4).map { row in (0..<4).map { Double(row * 4 + $0) } }
    let values = try evaluate(graph, picture(rows))
    #expect(values[3].channel(0) == [[15]])
    #expect(values[5].channel(0) == [[65, 85], [145, 165]])
    #expect(values[6].channel(0)[0] == [65, 66, 87, 88])
    #expect(values[6].channel(0)[3] == [157, 158, 179, 180])
  }

  /// A value that everything reads.
  @Test func aValueReadByAnAddAnUpsamplingAPoolAndAConcatenation() throws {
    let lines = """
      %0 = image 2×2 rgb
      %1 = convolution %0 → 1, 1×1, relu  value
      %2 = add %1, %1  sum
      %3 = upsample %1
      %4 = max pool %1, 2×2
      %5 = concatenate %1, %2
      outputs %2, %3, %4, %5
      """
    let values = try evaluate(
      try graph(lines, ["value.weight": first, "value.bias": [-1]]), picture([[0, 1], [2, 3]]))
    #expect(values[2].channel(0) == [[0, 0], [2, 4]])
    #expect(values[3].channel(0) == [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 2, 2], [1, 1, 2, 2]])
    #expect(values[4].channel(0) == [[2]])
    #expect(values[5].channel(1) == [[0, 0], [2, 4]])
  }

  @Test func numbersThatDoNotFitAreNamed() throws {
    let listing = "%0 = image 1×1 rgb\n%1 = convolution %0 → 1, 1×1  c\noutputs %1"
    #expect(throws: FaceqError("c.weight has 2 values where 3 belong")) {
      try graph(listing, ["c.weight": [1, 2], "c.bias": [0]])
    }
    var twice = try smallGraph(listing)
    twice.nodes.append(Node("c", .upsample, inputs: [1]))
    #expect(throws: FaceqError("two nodes are called c")) { try twice.check() }
    let nameless = listing.replacing("  c", with: "")
    #expect(throws: FaceqError("%1 has weights and no name")) { try smallGraph(nameless) }
  }
}
