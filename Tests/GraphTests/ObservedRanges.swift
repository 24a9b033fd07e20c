import Calibrate
import GraphReference
import QuantRuntime
import TestSupport

/// A graph with random weights, a few pictures, and the integers that the pictures' ranges give.
struct QuantisedSample {
  let float: Graph<FloatLayer>
  let pictures: [[UInt8]]
  let quantised: Graph<QuantisedLayer>
  /// For each picture the values of all nodes.
  let expected: [[Plane<Double>]]

  init(_ covered: CoveredGraph, _ precision: LayerRecipe.Precision) throws {
    float = try covered.randomFloats(seed: 7)
    let format = try float.image
    let (height, width) = (format.height, format.width)
    let faces = SyntheticFaces(count: 8, seed: 5, height: height, width: width)
    pictures = try (0..<faces.count).map { try faces.pixels($0) }
    var expected: [[Plane<Double>]] = []
    for pixels in pictures {
      expected.append(try evaluate(float, normalised(pixels, format, height: height, width: width)))
    }
    self.expected = expected
    let recipe = CalibrationRecipe(standard: LayerRecipe(precision: precision, rounding: NearestRounding()))
    quantised = try GraphQuantiser(float, ranges: Self.ranges(expected), recipe).quantise()
  }

  /// For each value and channel what all pictures have there, and 0.
  private static func ranges(_ pictures: [[Plane<Double>]]) -> [[ClosedRange<Float>]] {
    pictures[0].indices.map { value in
      let channels = pictures[0][value].extent.channels
      var ranges = [ClosedRange<Float>](repeating: 0...0, count: channels)
      for values in pictures {
        for (place, number) in values[value].values.enumerated() {
          let (channel, number) = (place % channels, Float(number))
          let range = ranges[channel]
          ranges[channel] = min(range.lowerBound, number)...max(range.upperBound, number)
        }
      }
      return ranges
    }
  }

  /// The root of the squared differences' sum over that of the squares.
  static func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
    var (signal, noise) = (0.0, 0.0)
    for (value, exact) in zip(found, expected) {
      signal += exact * exact
      noise += (exact - value) * (exact - value)
    }
    return signal > 0 && found.count == expected.count ? (noise / signal).squareRoot() : .infinity
  }
}
