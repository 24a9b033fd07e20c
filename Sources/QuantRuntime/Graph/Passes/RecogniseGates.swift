extension Graph<FloatLayer> {
  /// Recognises squeeze-and-excitation: a global average, a 1×1 convolution with ReLU, another one, a sigmoid and the
  /// multiplication of what was averaged become a gate and the multiplication.
  package func recognisingGates() -> Graph {
    var editor = GraphEditor(self)
    for (index, node) in nodes.enumerated() {
      guard case .multiply = node.operation else { continue }
      let (value, sigmoid) = (node.inputs[0], node.inputs[1])
      guard case .sigmoid = editor.nodes[sigmoid].operation, editor.isRead(sigmoid, onlyBy: index),
        let expand = editor.pointwise(before: sigmoid, activation: .none),
        let reduce = editor.pointwise(before: expand.node, activation: .relu)
      else { continue }
      let average = editor.nodes[reduce.node].inputs[0]
      guard case .globalAverage = editor.nodes[average].operation, editor.isRead(average, onlyBy: reduce.node),
        editor.nodes[average].inputs == [value]
      else { continue }
      let hasBiases = (reduce.bias + expand.bias).contains { $0 != 0 }
      editor.nodes[sigmoid] = Node(
        editor.nodes[reduce.node].name, .gate(ChannelGate(hidden: reduce.bias.count, hasBiases: hasBiases)),
        inputs: editor.nodes[sigmoid].inputs,
        layer: .gate(
          reduce: reduce.weights, expand: expand.weights, reduceBias: hasBiases ? reduce.bias : nil,
          expandBias: hasBiases ? expand.bias : nil))
      editor.setInputs([value], of: sigmoid)
    }
    return editor.finished
  }
}

extension GraphEditor<FloatLayer> {
  /// The 1×1 convolution, or linear layer of one pixel, that writes what `reader`, and nothing else, reads.
  fileprivate func pointwise(
    before reader: Int, activation: Activation
  ) -> (node: Int, weights: [Float], bias: [Float])? {
    let node = nodes[reader].inputs[0]
    guard isRead(node, onlyBy: reader), case .convolution(let weights, let bias, _) = nodes[node].layer else {
      return nil
    }
    switch nodes[node].operation {
    case .convolution(let convolution), .linear(let convolution):
      guard convolution.window == Window(Size(1, 1)), convolution.grouping == .dense,
        convolution.activation == activation
      else { return nil }
      return (node, weights, bias)
    default: return nil
    }
  }
}
