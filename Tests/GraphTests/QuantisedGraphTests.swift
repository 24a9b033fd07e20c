import Calibrate
import GraphReference
import QuantRuntime
import TestSupport
import Testing

/// Graphs with random weights, quantised on the ranges of a few pictures: the integers are close to the floats, so
/// every operation means the same in both.
struct QuantisedGraphTests {
  enum Precision: CaseIterable, Sendable { case int8, int16 }

  @Test(arguments: CoveredGraph.all, Precision.allCases)
  func integersAreCloseToFloats(_ covered: CoveredGraph, _ precision: Precision) throws {
    let float = try covered.randomFloats(seed: 7)
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
    let recipe = CalibrationRecipe(
      standard: LayerRecipe(precision: precision == .int16 ? .int16 : .int8, rounding: NearestRounding()))
    let quantised = try GraphQuantiser(float, ranges: ranges, recipe).quantise()
    #expect(quantised.topology == float.topology)
    for pixels in pictures {
      let expected = try evaluate(float, normalised(pixels, format, height: height, width: width))
      let found = try evaluate(quantised, pixels, height: height, width: width)
      for output in float.outputs {
        // Bytes leave some per cent after a few layers, int16 next to nothing; a wrong zero point would leave tens.
        let error = relativeError(try #require(found[output].floats).values, expected[output].values)
        #expect(error < (precision == .int8 ? 0.06 : 0.003), "\(covered.name), output \(output)")
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
}
