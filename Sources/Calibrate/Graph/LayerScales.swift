/// A layer whose precision can be chosen, and what surrounds it.
struct LayerScales {
  /// The node, and its name in model files and recipes: `blocks.3.body.0`.
  var node: Int
  var name: String
  /// The value that it reads.
  var value: Int
  var weights: LayerWeights
  var input: QuantisedInput
  var output: QuantisedOutput
  var rounding: any WeightRounding

  /// The scales of what an int8 layer reads.
  var activations: ActivationScales {
    guard case .int8(let scales) = input else { preconditionFailure("the layer reads int16") }
    return scales
  }
}

extension GraphQuantiser {
  /// All layers whose precision can be chosen, in the order in which data flows.
  var layers: [LayerScales] {
    graph.layersOfChoice.compactMap { index in
      let node = graph.nodes[index]
      let input = node.inputs[0]
      guard let weights = LayerWeights(node, inputs: shapes[input].channels) else { return nil }
      return LayerScales(
        node: index, name: node.name, value: input, weights: weights, input: scales.input(input),
        output: scales.output(index), rounding: recipe[node.name].rounding)
    }
  }
}
