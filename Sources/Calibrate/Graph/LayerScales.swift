/// A layer whose precision can be chosen, and what surrounds it.
package struct LayerScales {
  /// The node, and its name in model files and recipes: `blocks.3.body.0`.
  var node: Int
  var name: String
  /// The value that it reads.
  var value: Int
  package var weights: LayerWeights
  var input: QuantisedInput
  package var output: QuantisedOutput
  var rounding: any WeightRounding

  package init(
    node: Int, name: String, value: Int, weights: LayerWeights, input: QuantisedInput, output: QuantisedOutput,
    rounding: any WeightRounding
  ) {
    (self.node, self.name, self.value) = (node, name, value)
    (self.weights, self.input, self.output, self.rounding) = (weights, input, output, rounding)
  }

  /// The scales of what an int8 layer reads.
  package var activations: ActivationScales {
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
