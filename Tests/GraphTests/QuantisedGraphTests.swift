import Calibrate
import GraphReference
import Report
import Testing

/// Graphs with random weights, quantised on the ranges of a few pictures: the integers are close to the floats, so
/// every operation means the same in both.
struct QuantisedGraphTests {
  @Test(arguments: CoveredGraph.all, LayerRecipe.Precision.allCases)
  func integersAreCloseToFloats(_ covered: CoveredGraph, _ precision: LayerRecipe.Precision) throws {
    let sample = try QuantisedSample(covered, precision)
    #expect(sample.quantised.topology == sample.float.topology)
    let format = try sample.float.image
    for (pixels, expected) in zip(sample.pictures, sample.expected) {
      let found = try evaluate(sample.quantised, pixels, height: format.height, width: format.width)
      for output in sample.float.outputs {
        let values = try #require(found[output].floats).values.map { Double($0) }
        // Bytes leave some per cent after a few layers, int16 next to nothing; a wrong zero point would leave tens.
        let error = QuantisedSample.relativeError(values, expected[output].values)
        #expect(error < (precision == .int8 ? 0.06 : 0.003), "\(covered.name), output \(output)")
      }
    }
  }

  /// The float graph with a quantised graph's weights is close to both, whatever units its values have.
  @Test(arguments: CoveredGraph.all, LayerRecipe.Precision.allCases)
  func dequantisedWeightsAreCloseToFloats(_ covered: CoveredGraph, _ precision: LayerRecipe.Precision) throws {
    let sample = try QuantisedSample(covered, precision)
    let dequantised = try DequantisedGraph(sample.quantised)
    let format = try sample.float.image
    for (pixels, expected) in zip(sample.pictures, sample.expected) {
      let picture = normalised(pixels, format, height: format.height, width: format.width)
      let found = try evaluate(dequantised.graph, picture)
      for output in sample.float.outputs {
        let error = QuantisedSample.relativeError(found[output].values, expected[output].values)
        #expect(error < (precision == .int8 ? 0.04 : 0.003), "\(covered.name), output \(output)")
      }
      // Parts can be put into the float graph one without the others.
      for unit in dequantised.units {
        let mixed = try evaluate(sample.float.with([unit], from: dequantised.graph), picture)
        for output in sample.float.outputs {
          let error = QuantisedSample.relativeError(mixed[output].values, expected[output].values)
          #expect(error < (precision == .int8 ? 0.04 : 0.003), "\(covered.name), \(unit.name), output \(output)")
        }
      }
    }
  }
}
