import FaceqSupport
import QuantRuntime

/// A float graph from its listing, with copies and random weights, the same on every machine: what a layer writes spreads
/// as much as what it reads.
package func randomGraph(_ listing: String, seed: UInt64 = 1) throws(FaceqError) -> Graph<FloatLayer> {
  var generator = SplitMix64(state: seed)
  func number(_ magnitude: Float, around centre: Float = 0) -> Float {
    centre + Float.random(in: -magnitude...magnitude, using: &generator)
  }
  return try Graph<Never>(listing: listing).floatLayers { _, tensor in
    let inputs = Float(tensor.count / tensor.dimensions[0])
    return (0..<tensor.count).map { _ in
      switch tensor.name {
      case "weight": number((3 / inputs).squareRoot())
      case "reduce", "expand": number(0.5)
      case "scale": number(0.3, around: 1)
      case "slope": number(0.3, around: 0.25)
      default: number(0.3)
      }
    }
  }.insertingCopies()
}

/// A graph that is no file, as a model.
package func model(_ graph: Graph<FloatLayer>) throws(FaceqError) -> Model {
  try Model(
    .float(graph),
    ModelDescription(
      architecture: "random", parameters: 0, source: ModelDescription.Source(name: "test", sha256: ""),
      isStandIn: true))
}

extension Graph<QuantisedLayer> {
  /// The numbers of a convolution or linear layer.
  package func layer(_ name: String) -> IntegerConvolution? {
    guard let index = index(named: name), case .convolution(let layer) = nodes[index].layer else { return nil }
    return layer
  }

  /// The graph with the numbers of a convolution or linear layer changed.
  package func changing(
    layer name: String, _ change: (inout IntegerConvolution) -> Void
  ) throws(FaceqError) -> Graph {
    guard let index = index(named: name), var layer = layer(name) else {
      throw FaceqError("no layer is called \(name)")
    }
    change(&layer)
    var graph = self
    graph.nodes[index].layer = .convolution(layer)
    return graph
  }

  /// Σ|weight| · largest input + |bias| of each output of an int16 layer; nil where there is no such layer.
  package func largestSums(_ name: String) throws(FaceqError) -> [Int]? {
    guard let index = index(named: name), let layer = layer(name), let largest = layer.weights.largestInput,
      let convolution = convolution(name)
    else { return nil }
    let input = nodes[index].inputs[0]
    let weights = layer.weights.logical(
      convolution, inputs: try shapes()[input].channels, order: layer.order, isImage: input == 0)
    let perOutput = weights.count / convolution.outputs
    return (0..<convolution.outputs).map { output in
      weights[output * perOutput..<(output + 1) * perOutput].reduce(abs(Int(layer.bias[output]))) {
        $0 + largest * abs($1)
      }
    }
  }
}
