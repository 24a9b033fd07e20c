import Calibrate
import GraphReference
import QuantRuntime
import TestSupport
import Testing

/// Graphs with random weights, quantised on the ranges of a few pictures: the integers are close to the floats, so
/// every operation means the same in both.
struct QuantisedGraphTests {
  private static let cases: [String: String] = [
    "two branches joined by concatenation": """
    %0 = image 9×7 rgb (x − 127.5) / 127.5
    %1 = convolution %0 → 20, 3×3, padding 1, prelu  stem
    %2 = convolution %1 → 12, 1×1, relu  left
    %3 = convolution %1 → 20, 3×3, padding 1, depthwise  right
    %4 = concatenate %2, %3
    %5 = convolution %4 → 8, 3×3, stride 2, padding 1  head
    outputs %5
    """,
    "a pyramid of three levels": """
    %0 = image 16×16 bgr
    %1 = convolution %0 → 16, 3×3, stride 2, padding 1, relu  c3
    %2 = convolution %1 → 24, 3×3, stride 2, padding 1, relu  c4
    %3 = convolution %2 → 32, 3×3, stride 2, padding 1, relu  c5
    %4 = convolution %3 → 16, 1×1  p5
    %5 = convolution %2 → 16, 1×1  l4
    %6 = add %5, upsample %4  p4
    %7 = convolution %1 → 16, 1×1  l3
    %8 = add %7, upsample %6  p3
    %9 = convolution %8 → 4, 3×3, padding 1  head3
    outputs %8, %6, %4, %9
    """,
    "a value read by an add, an upsampling, a pool and a concatenation": """
    %0 = image 8×8 rgb (x − 127.5) / 128
    %1 = convolution %0 → 16, 3×3, padding 1, relu  value
    %2 = convolution %1 → 16, 3×3, padding 1  body
    %3 = add %1, %2, relu  sum
    %4 = upsample %1
    %5 = max pool %1, 3×3, stride 2, padding 1, ceil
    %6 = concatenate %1, %3
    %7 = convolution %4 → 8, 3×3, stride 2, padding 1  a
    %8 = convolution %5 → 8, 1×1  b
    %9 = convolution %6 → 8, 1×1  c
    outputs %7, %8, %9, %3
    """,
    "relu and additions in both orders": """
    %0 = image 8×8 rgb (x − 127.5) / 128
    %1 = convolution %0 → 16, 3×3, padding 1, relu  stem
    %2 = convolution %1 → 16, 3×3, padding 1, relu  a
    %3 = add %1, %2  sum
    %4 = convolution %3 → 16, 3×3, padding 1  b
    %5 = add %3, %4, relu  rectified
    %6 = convolution %5 → 16, 3×3, padding 1  c
    %7 = add %5, %6, clamp 0…6  clamped
    %8 = convolution %7 → 16, 1×1  d
    %9 = add %7, %8, leaky 0.1  leaking
    %10 = convolution %9 → 16, 1×1  e
    %11 = add %9, %10, prelu  sloping
    outputs %11
    """,
    "a convolution that runs into a depthwise one": """
    %0 = image 9×9 bgr
    %1 = convolution %0 → 16, 3×3, stride 2, padding 1, clamp 0…6  stem
    %2 = convolution %1 → 24, 1×1  pointwise
    %3 = convolution %2 → 24, 3×3, padding 1, depthwise, leaky 0.1  deep
    %4 = convolution %3 → 12, 1×7, padding 0 3 0 3, clamp -1…2  wide
    %5 = convolution %4 → 12, 3×1, stride 2×1, padding 1 0 0 0, prelu  high
    %6 = convolution %5 → 8, 1×1  head
    %7 = sigmoid %6
    outputs %7, %6
    """,
    "groups and negative slopes": """
    %0 = image 8×8 rgb (x − [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]
    %1 = convolution %0 → 16, 3×3, padding 1, prelu  stem
    %2 = convolution %1 → 32, 3×3, padding 1, groups 8, leaky -0.2  grouped
    %3 = average pool %2, 3×3, stride 2, padding 1, ceil, padding counts
    %4 = average pool %3, 2×2, stride 2, ceil
    %5 = slice %4 → 20, from 7
    %6 = convolution %5 → 8, 1×1  head
    outputs %6
    """,
    "transposed convolutions": """
    %0 = image 6×5 rgb (x − 127.5) / 127.5
    %1 = convolution %0 → 16, 3×3, padding 1, relu  stem
    %2 = transposed convolution %1 → 12, 2×2, stride 2, prelu  two
    %3 = transposed convolution %2 → 10, 4×4, stride 2, padding 1, relu  four
    %4 = convolution %3 → 8, 3×3, padding 1  head
    outputs %4
    """,
    "gated additions with and without biases": """
    %0 = image 12×8 rgb (x − 127.5) / 127.5
    %1 = convolution %0 → 32, 3×3, padding 1, prelu  stem
    %2 = affine %1  a.input
    %3 = convolution %2 → 32, 3×3, stride 2, padding 1  a
    %4 = gate %3, hidden 4  a.se
    %5 = add subsample 2 %1, %3 · %4  a.sum
    %6 = convolution %5 → 48, 1×1, stride 2  b.shortcut
    %7 = convolution %5 → 48, 3×3, stride 2, padding 1, relu  b
    %8 = gate %7, hidden 6, biases  b.se
    %9 = add %6, %7 · %8  b.sum
    %10 = convolution %9 → 24, 1×1  c
    %11 = gate %10, hidden 2  c.se
    %12 = multiply %10, %11
    %13 = convolution %12 → 16, 3×3, padding 1  d
    %14 = global average %13
    %15 = linear %14 → 12, 1×1  head
    %16 = normalise %15
    outputs %16
    """.replacing("%12 = multiply %10, %11", with: "%12 = multiply %10, %11  c.gated")
      .replacing("%14 = global average %13", with: "%14 = global average %13  average"),
    "a picture of one pixel": """
    %0 = image 1×1 rgb (x − 127.5) / 127.5
    %1 = convolution %0 → 16, 3×3, padding 1, prelu  stem
    %2 = convolution %1 → 16, 3×3, stride 2, padding 1  body
    %3 = gate %2, hidden 2  se
    %4 = add %1, %2 · %3  sum
    %5 = linear %4 → 8, 1×1  head
    %6 = softmax %5
    outputs %6, %5
    """,
  ]

  enum Precision: CaseIterable, Sendable { case int8, int16 }

  @Test(arguments: cases.keys.sorted(), Precision.allCases)
  func integersAreCloseToFloats(_ name: String, _ precision: Precision) throws {
    let float = try randomGraph(try #require(Self.cases[name])).replacingTransposedConvolutions().insertingCopies()
    let format = try float.image
    let (height, width) = (format.height, format.width)
    let faces = SyntheticFaces(count: 8, seed: 5, height: height, width: width)
    let pictures = try (0..<faces.count).map { try faces.pixels($0) }
    var ranges: [[ClosedRange<Float>]] = []
    for pixels in pictures {
      let values = try evaluate(float, normalised(pixels, format, height: height, width: width))
      for (index, plane) in values.enumerated() {
        if ranges.count == index { ranges.append([ClosedRange<Float>](repeating: 0...0, count: plane.extent.channels)) }
        for (place, value) in plane.values.enumerated() {
          let (channel, value) = (place % plane.extent.channels, Float(value))
          let range = ranges[index][channel]
          ranges[index][channel] = min(range.lowerBound, value)...max(range.upperBound, value)
        }
      }
    }
    let quantised = try GraphQuantiser(float, ranges: ranges, isInt16: { _ in precision == .int16 }) { _ in
      NearestRounding()
    }.quantise()
    #expect(quantised.topology == float.topology)
    for pixels in pictures {
      let expected = try evaluate(float, normalised(pixels, format, height: height, width: width))
      let found = try evaluate(quantised, pixels, height: height, width: width)
      for output in float.outputs {
        // Bytes leave some per cent after a few layers, int16 next to nothing; a wrong zero point would leave tens.
        let error = relativeError(try #require(found[output].floats).values, expected[output].values)
        #expect(error < (precision == .int8 ? 0.06 : 0.003), "\(name), output \(output)")
      }
    }
  }

  /// The root of the squared differences' sum over that of the squares.
  private func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
    var (signal, noise) = (0.0, 0.0)
    for (value, exact) in zip(found, expected) {
      signal += exact * exact
      noise += (exact - Double(value)) * (exact - Double(value))
    }
    return signal > 0 ? (noise / signal).squareRoot() : .infinity
  }

  /// Weights whose values spread as much as what they read.
  private func randomGraph(_ listing: String) throws -> Graph<FloatLayer> {
    var state: UInt64 = 7
    func random(_ magnitude: Float) -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Float(state >> 40) / Float(1 << 23) - 1) * magnitude
    }
    return try Graph<Never>(listing: listing).floatLayers { _, tensor in
      let inputs = Float(tensor.count / tensor.dimensions[0])
      return (0..<tensor.count).map { _ in
        switch tensor.name {
        case "weight", "reduce", "expand": random((3 / inputs).squareRoot())
        case "scale": 1 + random(0.5)
        case "slope": 0.1 + random(0.3)
        default: random(0.3)
        }
      }
    }
  }
}
