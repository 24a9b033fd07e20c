import FaceqSupport
import QuantRuntime
import Testing

/// Which form every value is stored in, and whose scales are one, from the topology alone.
struct RepresentationTests {
  /// The forms of all values, in the listing's order, in short: `image`, `bytes`, `sum`, `float`, `int16 ≤ N`.
  private func forms(_ listing: String, int16: [String: Int] = [:]) throws -> [String] {
    let graph = try Graph<Never>(listing: listing)
    return try representations(graph, int16).forms.map { form in
      switch form {
      case .bytes: "bytes"
      case .sum: "sum"
      case .int16(let largest): "int16 ≤ \(largest)"
      case .float: "float"
      }
    }
  }

  private func representations(_ graph: Graph<Never>, _ int16: [String: Int] = [:]) throws -> Representations {
    try graph.representations { int16[graph.nodes[$0].name] }
  }

  @Test func aResidualBlock() throws {
    let block = """
      %0 = image 8×8 rgb (x − 127.5) / 127.5
      %1 = convolution %0 → 4, 3×3, padding 1, prelu  stem
      %2 = affine %1  input
      %3 = convolution %2 → 4, 3×3, padding 1, prelu  a
      %4 = convolution %3 → 4, 3×3, padding 1  b
      %5 = gate %4, hidden 2  se
      %6 = add %1, %4 · %5  sum
      %7 = convolution %6 → 8, 1×1, stride 2  shortcut
      %8 = copy %6  bytes
      %9 = convolution %8 → 8, 3×3, stride 2, padding 1  c
      %10 = add %7, %9  next
      %11 = copy %10  head.bytes
      %12 = linear %11 → 8, 4×4  head
      %13 = normalise %12
      outputs %13
      """
    #expect(
      try forms(block) == [
        "int16 ≤ 255", "sum", "bytes", "bytes", "sum", "float", "sum", "sum", "bytes", "sum", "sum", "bytes", "float",
        "float",
      ])
    #expect(
      try forms(block, int16: ["a": 700, "head": 500])[2...] == [
        "int16 ≤ 700", "bytes", "sum", "float", "sum", "sum", "bytes", "sum", "sum", "int16 ≤ 500", "float", "float",
      ])
    let graph = try Graph<Never>(listing: block)
    let classes = try representations(graph).scaleClasses
    // The stem's scales are the sum's, and the projection's those of the sum behind it; branches have their own.
    #expect(classes[1] == classes[6] && classes[7] == classes[10])
    #expect(Set(classes[1]).isDisjoint(with: classes[4]) && Set(classes[7]).isDisjoint(with: classes[6]))
    #expect(classes[0].isEmpty && classes[5].isEmpty && classes[12].isEmpty)
  }

  @Test func whatOnlyMovesKeepsItsFormAndItsScales() throws {
    let listing = """
      %0 = image 8×8 bgr
      %1 = convolution %0 → 4, 3×3, padding 1, relu  a
      %2 = max pool %1, 2×2, stride 2
      %3 = upsample %2
      %4 = convolution %0 → 8, 3×3, padding 1  up
      %5 = depth to space %4, 2×2
      %6 = concatenate %3, %1
      %7 = slice %6 → 3, from 2
      %8 = convolution %7 → 4, 1×1, relu  b
      %9 = convolution %5 → 4, 1×1, depthwise  c
      %10 = average pool %9, 2×2
      outputs %8, %10
      """.replacing("→ 4, 1×1, depthwise", with: "→ 2, 1×1, depthwise")
    #expect(
      try forms(listing) == [
        "int16 ≤ 255", "bytes", "bytes", "bytes", "bytes", "bytes", "bytes", "bytes", "float", "float", "float",
      ])
    #expect(
      try forms(listing, int16: ["b": 300, "a": 9])[..<8] == [
        "int16 ≤ 255", "int16 ≤ 300", "int16 ≤ 300", "int16 ≤ 300", "bytes", "bytes", "int16 ≤ 300", "int16 ≤ 300",
      ])
    let graph = try Graph<Never>(listing: listing)
    let all = try representations(graph)
    #expect(all.scaleClasses[6] == all.scaleClasses[1] + all.scaleClasses[1])
    #expect(all.scaleClasses[7] == Array(all.scaleClasses[6][2..<5]))
    // The four phases of an output channel have one scale.
    #expect(all.scaleClasses[4] == (0..<4).flatMap { _ in all.scaleClasses[5] })
    #expect(all.scaleClassCount == 6)
  }

  @Test func siblingsHaveOnePrecision() throws {
    let listing = """
      %0 = image 8×8 rgb (x − 127.5) / 128
      %1 = convolution %0 → 4, 1×1  a
      %2 = convolution %1 → 4, 1×1  b
      %3 = convolution %1 → 4, 1×1  c
      outputs %2, %3
      """
    #expect(try forms(listing, int16: ["b": 900, "c": 800])[1] == "int16 ≤ 800")
    #expect(try forms(listing, int16: ["b": 900])[1] == "int16 ≤ 900")
  }

  @Test func anImageOfAnotherNormalisationHasAFixedPoint() {
    func format(_ mean: [Float]) -> ImageFormat { ImageFormat(height: 8, width: 8, channels: .rgb, mean: mean) }
    #expect(format([127.5, 127.5, 127.5]).fixedPoint == .init(factor: 2, offsets: [255, 255, 255]))
    #expect(format([127.5, 127.5, 127.5]).fixedPoint.largest == 255)
    #expect(format([128, 0, 255]).fixedPoint == .init(factor: 1, offsets: [128, 0, 255]))
    #expect(format([123.675, 116.28, 103.53]).fixedPoint == .init(factor: 64, offsets: [7915, 7442, 6626]))
    #expect(format([20_000, 0, 0.3]).fixedPoint.factor == 1)
  }

  @Test(arguments: [
    (
      "%1 = copy %0  c\n%2 = convolution %1 → 4, 1×1  d",
      "int8 covers networks whose image only dense convolutions read, and not c"
    ),
    ("%1 = convolution %0 → 4, 1×1  a\n%2 = add %1, %1  s\n%3 = convolution %2 → 4, 1×1  d", "d needs a copy of s"),
    ("%1 = convolution %0 → 4, 1×1  a\n%2 = convolution %1 → 4, 1×1  b\n%3 = sigmoid %1", "%3 needs a copy of a"),
    (
      "%1 = convolution %0 → 4, 1×1  a\n%2 = sigmoid %1\n%3 = convolution %2 → 4, 1×1  b",
      "int8 does not cover b, which reads %2"
    ),
    ("%1 = convolution %0 → 4, 1×1  a\n%2 = copy %1, leaky 0.1  b", "int8 does not cover the activation of b"),
    (
      "%1 = convolution %0 → 4, 1×1  a\n%2 = transposed convolution %1 → 4, 2×2, stride 2  t",
      "t is a transposed convolution; replace it by a convolution first"
    ),
  ])
  func whatHasNoFormIsNamed(_ lines: String, _ message: String) throws {
    let count = lines.split(separator: "\n").count
    let outputs = (1...count).map { "%\($0)" }.suffix(2).joined(separator: ", ")
    let graph = try Graph<Never>(listing: "%0 = image 8×8 rgb (x − 127.5) / 128\n\(lines)\noutputs \(outputs)")
    #expect(throws: FaceqError(message)) { try representations(graph) }
  }
}
