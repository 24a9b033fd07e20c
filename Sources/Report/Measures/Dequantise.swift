import FaceqSupport
import QuantRuntime

/// The float graph with exactly a quantised graph's weights: what is lost when weights are rounded and activations are
/// not.
///
/// It has the nodes of the quantised graph; copies become affines, which can change a value's unit. Sums are in the units of
/// the float network wherever the file tells them, bytes in units of their integers: what would be a byte q with the zero
/// point z is the value (q − z) · unit, neither rounded nor clipped.
package struct DequantisedGraph: Sendable {
  package let graph: Graph<FloatLayer>
  /// The parts that can be put into the float network one without the others.
  package let units: [GraphUnit]
  /// The values that are bytes in the engine and that a layer reads, in the order of the graph.
  let tensors: [ByteTensor]

  /// A value of bytes.
  struct ByteTensor: Sendable {
    var value: Int
    /// The first layer that reads it.
    var reader: String
    /// The byte that stands for 0, for each channel.
    var zeros: [Int8]
    /// What one step is worth in the dequantised graph, for each channel.
    var units: [Float]
  }

  /// - Throws: where the graph is not well formed.
  package init(_ quantised: Graph<QuantisedLayer>) throws(FaceqError) {
    let integers = try IntegerUnits(quantised)
    let dequantiser = Dequantiser(graph: quantised, shapes: try quantised.shapes(), integers: integers)
    var nodes: [Node<FloatLayer>] = []
    for index in quantised.nodes.indices { nodes.append(dequantiser.node(index)) }
    graph = Graph(nodes: nodes, outputs: quantised.outputs)
    try graph.check()
    units = try Self.units(of: quantised, integers)
    let readers = quantised.readers
    tensors = quantised.nodes.indices.compactMap { value in
      guard let zeros = integers.zeros[value],
        let reader = readers[value].first(where: { quantised.nodes[$0].operation.hasWeights })
      else { return nil }
      return ByteTensor(
        value: value, reader: quantised.nodes[reader].name, zeros: zeros, units: integers.units[value])
    }
  }

  /// The units of a quantised graph that can be put into the float network one without the others: at the sums where they
  /// meet, both networks have the same units.
  ///
  /// - Throws: where the graph is not well formed.
  static func units(of quantised: Graph<QuantisedLayer>) throws(FaceqError) -> [GraphUnit] {
    try units(of: quantised, IntegerUnits(quantised))
  }

  private static func units(
    of quantised: Graph<QuantisedLayer>, _ integers: IntegerUnits
  ) throws(FaceqError) -> [GraphUnit] {
    try quantised.units { integers.isReal[$0] }
  }
}

extension Operation {
  fileprivate var hasWeights: Bool {
    switch self {
    case .convolution, .linear: true
    default: false
    }
  }
}

private struct Dequantiser {
  let graph: Graph<QuantisedLayer>
  let shapes: [Extent]
  let integers: IntegerUnits

  func node(_ index: Int) -> Node<FloatLayer> {
    let old = graph.nodes[index]
    var node = Node<FloatLayer>(old.name, old.operation, inputs: old.inputs)
    switch (old.operation, old.layer) {
    case (.convolution(let convolution), .convolution(let layer)), (.linear(let convolution), .convolution(let layer)):
      node.layer = self.layer(index, convolution, layer)
    case (.affine, .conversion(let layer)), (.copy, .conversion(let layer)):
      node.operation = .affine(old.operation.activation)
      node.name = graph.label(index)
      node.layer = affine(index, layer)
    case (.add(let addition), .sum(let sum)):
      if addition.activation == .prelu, let slopes = sum.slopes { node.layer = .slopes(channels(slopes, index)) }
    case (.gate(let operation), .gate(let gate)):
      node.layer = self.layer(gate, hidden: operation.hidden, value: old.inputs[0])
    default: break
    }
    return node
  }

  private func channels(_ tensor: Tensor<Float>, _ value: Int) -> [Float] {
    Array(tensor.buffer.prefix(shapes[value].channels))
  }

  private func layer(_ index: Int, _ convolution: Convolution, _ layer: IntegerConvolution) -> FloatLayer {
    let input = graph.nodes[index].inputs[0]
    let (read, written) = (integers.units[input], integers.units[index])
    let inputs = shapes[input].channels
    let perOutput = convolution.weightsPerOutput(inputs: inputs)
    let groupInputs = inputs / convolution.grouping.count(inputs: inputs)
    let groupOutputs = convolution.outputs / convolution.grouping.count(inputs: inputs)
    let weights = layer.weights.logical(convolution, inputs: inputs, order: layer.order, isImage: input == 0)
    var floats: [Float] = []
    floats.reserveCapacity(weights.count)
    var (biases, slopes): ([Float], [Float]) = ([], [])
    for output in 0..<convolution.outputs {
      let positive = layer.positive[output]
      let factor = positive * written[output]
      let first = output / groupOutputs * groupInputs
      var sum = Double(layer.bias[output])
      for index in 0..<perOutput {
        let (weight, channel) = (weights[output * perOutput + index], first + index % groupInputs)
        floats.append(Float(weight) * factor / read[channel])
        if let zeros = integers.zeros[input] { sum += Double(weight * Int(zeros[channel])) }
      }
      biases.append(Float(sum * Double(factor)))
      slopes.append(positive == 0 ? 1 : layer.negative[output] / positive)
    }
    return .convolution(weights: floats, bias: biases, slopes: convolution.activation == .prelu ? slopes : nil)
  }

  private func affine(_ index: Int, _ layer: IntegerConversion) -> FloatLayer {
    let input = graph.nodes[index].inputs[0]
    let (read, written) = (integers.units[input], integers.units[index])
    var (scales, shifts): ([Float], [Float]) = ([], [])
    for channel in written.indices {
      var offset = layer.offset[channel] - Float(integers.zeros[index]?[channel] ?? 0)
      if let zeros = integers.zeros[input] { offset += layer.scale[channel] * Float(zeros[channel]) }
      scales.append(layer.scale[channel] * written[channel] / read[channel])
      shifts.append(offset * written[channel])
    }
    return .affine(scale: scales, shift: shifts, slopes: nil)
  }

  private func layer(_ gate: IntegerGate, hidden: Int, value: Int) -> FloatLayer {
    let (channels, read) = (shapes[value].channels, integers.units[value])
    func unpadded(_ matrix: Tensor<Float>, rows: Int, columns: Int) -> [Float] {
      (0..<rows * columns).map { matrix[$0 / columns * paddedChannels(columns) + $0 % columns] }
    }
    let reduce = unpadded(gate.reduce, rows: hidden, columns: channels).enumerated().map { index, weight in
      let channel = index % channels
      return weight * gate.meanScale[channel] * Float(gate.pixels) / read[channel]
    }
    return .gate(
      reduce: reduce, expand: unpadded(gate.expand, rows: channels, columns: hidden),
      reduceBias: gate.biases.map { Array($0.reduce.buffer.prefix(hidden)) },
      expandBias: gate.biases.map { Array($0.expand.buffer.prefix(channels)) })
  }
}
