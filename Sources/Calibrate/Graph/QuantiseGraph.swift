import QuantRuntime

/// Turns a float graph into a quantised one of the same topology.
package struct GraphQuantiser {
  private let graph: Graph<FloatLayer>
  private let scales: GraphScales
  private let shapes: [Extent]
  private let rounding: (String) -> any WeightRounding

  /// - Parameters:
  ///   - graph: with copies (`insertingCopies()`).
  ///   - ranges: for each value and channel what it is to hold.
  ///   - isInt16: whether the layer of a name is to have int16 weights.
  ///   - rounding: of a layer's int8 weights.
  /// - Throws: where the graph has something that int8 does not cover, naming it.
  package init(
    _ graph: Graph<FloatLayer>, ranges: [[ClosedRange<Float>]], isInt16: (String) -> Bool = { _ in false },
    rounding: @escaping (String) -> any WeightRounding
  ) throws(FaceqError) {
    try graph.check()
    let shapes = try graph.shapes()
    let representations = try graph.representations { index in
      guard isInt16(graph.nodes[index].name), let input = graph.nodes[index].inputs.first else { return nil }
      return graph.nodes[index].geometry(inputs: shapes[input].channels).map(largestInt16Input)
    }
    self.graph = graph
    self.shapes = shapes
    self.rounding = rounding
    scales = try GraphScales(graph, representations, ranges: ranges)
  }

  package func quantise() -> Graph<QuantisedLayer> {
    graph.mapLayers { (index, node) throws(Never) in layer(index, node) }
  }

  private func layer(_ index: Int, _ node: Node<FloatLayer>) -> QuantisedLayer? {
    switch (node.operation, node.layer) {
    case (.convolution(let convolution), .convolution(let weights, let bias, let slopes)),
      (.linear(let convolution), .convolution(let weights, let bias, let slopes)):
      return .convolution(
        convolved(index, node, convolution, weights: weights, bias: bias, slopes: slopes))
    case (.affine(let activation), .affine(let scale, let shift, _)):
      return .conversion(conversion(index, node, activation, scale: scale, shift: shift))
    case (.copy(let activation), _):
      return .conversion(conversion(index, node, activation, scale: nil, shift: nil))
    case (.globalAverage, _): return .conversion(average(index, node))
    case (.add(let addition), _): return .sum(sum(index, node, addition))
    case (.multiply, _):
      let factor = zip(scales.scales[node.inputs[0]], outputScales(index)).map { $0 / $1 }
      return .product(IntegerProduct(factor: perChannel(factor), zero: zero(index)))
    case (.gate(let gate), .gate(let reduce, let expand, let reduceBias, let expandBias)):
      let input = node.inputs[0]
      let (channels, pixels) = (shapes[input].channels, shapes[input].pixels)
      var biases: (reduce: Tensor<Float>, expand: Tensor<Float>)?
      if let reduceBias, let expandBias { biases = (perChannel(reduceBias), perChannel(expandBias)) }
      return .gate(
        IntegerGate(
          meanScale: perChannel(scales.scales[input].map { $0 / Float(pixels) }), pixels: pixels,
          reduce: Tensor(paddedMatrix(reduce, rows: gate.hidden, columns: channels)),
          expand: Tensor(paddedMatrix(expand, rows: channels, columns: gate.hidden)), biases: biases))
    default: return nil
    }
  }

  // MARK: - Convolutions

  private func convolved(
    _ index: Int, _ node: Node<FloatLayer>, _ convolution: Convolution, weights: [Float], bias: [Float],
    slopes: [Float]?
  ) -> IntegerConvolution {
    let inputs = shapes[node.inputs[0]].channels
    guard let geometry = node.geometry(inputs: inputs) else { preconditionFailure("it is a convolution") }
    let unit = ConvolutionUnit(
      geometry: geometry, weights: convolution.withoutGroups(weights, inputs: inputs), bias: bias,
      slopes: slopes ?? convolution.activation.slopes(outputs: convolution.outputs))
    let quantiser = ConvolutionQuantiser(rounding: rounding(node.name))
    let (input, output) = (scales.input(node.inputs[0]), scales.output(index))
    let layer: QuantisedConvolution
    if case .int16(let scale, let largest) = input, node.inputs[0] == 0 {
      // Pixels are stored as four channels.
      layer = quantiser.int16(unit, inputScale: scale, largestInput: largest, storedInputs: 4, output: output)
    } else {
      layer = quantiser.quantise(unit, input: input, output: output)
    }
    return IntegerConvolution(
      weights: layer.weights, bias: layer.bias, positive: layer.positive, negative: layer.negative,
      zero: layer.outputZero, limits: limits(index, convolution.activation))
  }

  // MARK: - Everything else

  private func conversion(
    _ index: Int, _ node: Node<FloatLayer>, _ activation: Activation, scale: [Float]?, shift: [Float]?
  ) -> Conversion {
    let input = node.inputs[0]
    let (read, written) = (scales.scales[input], outputScales(index))
    let zeros = scales.zeros[index]
    let factor = read.indices.map { (scale?[$0] ?? 1) * read[$0] / written[$0] }
    let offset = read.indices.map { channel in
      var offset = (shift?[channel] ?? 0) / written[channel] + Float(zeros?[channel] ?? 0)
      if let zero = scales.zeros[input]?[channel] { offset -= factor[channel] * Float(zero) }
      return offset
    }
    return Conversion(
      scale: perChannel(factor), offset: perChannel(offset), zero: zero(index), limits: limits(index, activation))
  }

  private func average(_ index: Int, _ node: Node<FloatLayer>) -> Conversion {
    let (read, written) = (scales.scales[node.inputs[0]], outputScales(index))
    let pixels = shapes[node.inputs[0]].pixels
    return Conversion(
      scale: perChannel(zip(read, written).map { $0 / (Float(pixels) * $1) }),
      offset: perChannel(read.indices.map { Float(scales.zeros[index]?[$0] ?? 0) }), zero: zero(index), pixels: pixels)
  }

  private func sum(_ index: Int, _ node: Node<FloatLayer>, _ addition: Addition) -> IntegerSum {
    let written = outputScales(index)
    let (base, branch) = (scales.scales[node.inputs[0]], scales.scales[node.inputs[1]])
    var slopes = node.layer?.slopes
    if case .leaky(let slope) = addition.activation { slopes = [Float](repeating: slope, count: written.count) }
    return IntegerSum(
      factor: perChannel(zip(branch, written).map { $0 / $1 }),
      ratio: addition.base == .none ? nil : perChannel(zip(base, written).map { $0 / $1 }),
      slopes: slopes.map(perChannel), limits: limits(index, addition.activation), scale: perChannel(written))
  }

  /// What an output is worth per unit: floats are worth what they are.
  private func outputScales(_ index: Int) -> [Float] {
    scales.forms[index] == .float ? [Float](repeating: 1, count: shapes[index].channels) : scales.scales[index]
  }

  private func zero(_ index: Int) -> Tensor<Int8>? { scales.zeros[index].map { Tensor(padded($0, with: 0)) } }

  private func perChannel(_ values: [Float]) -> Tensor<Float> { Tensor(padded(values, with: 0)) }

  private func limits(_ index: Int, _ activation: Activation) -> ChannelLimits? {
    guard case .clamp(let low, let high) = activation, case .int16 = scales.forms[index] else { return nil }
    func bounds(_ bound: Float) -> Tensor<Int16> {
      let integers = scales.scales[index].map { scale -> Int16 in
        Int16(min(max((bound / scale).rounded(.toNearestOrEven), -32768), 32767))
      }
      return Tensor(padded(integers, with: 0))
    }
    return ChannelLimits(lowest: bounds(low), highest: bounds(high))
  }
}

extension Node<FloatLayer> {
  /// What its weights' quantisation depends on: a convolution of groups counts as dense.
  fileprivate func geometry(inputs: Int) -> ConvolutionGeometry? {
    switch operation {
    case .convolution(let convolution), .linear(let convolution):
      ConvolutionGeometry(
        inputChannels: inputs, outputChannels: convolution.outputs, kernelHeight: convolution.window.kernel.height,
        kernelWidth: convolution.window.kernel.width, groups: convolution.grouping == .depthwise ? inputs : 1)
    default: nil
    }
  }
}

extension Convolution {
  /// The weights of a convolution in groups as those of a dense one, the others 0.
  fileprivate func withoutGroups(_ weights: [Float], inputs: Int) -> [Float] {
    guard case .groups(let groups) = grouping else { return weights }
    let (groupInputs, groupOutputs) = (inputs / groups, outputs / groups)
    let positions = window.kernel.height * window.kernel.width
    var dense = [Float](repeating: 0, count: outputs * positions * inputs)
    for (index, weight) in weights.enumerated() {
      let (position, input) = (index / groupInputs, index % groupInputs)
      let output = position / positions
      dense[position * inputs + output / groupOutputs * groupInputs + input] = weight
    }
    return dense
  }
}

extension Activation {
  /// What sums below 0 are multiplied with, where that is not 1 or a PReLU's.
  fileprivate func slopes(outputs: Int) -> [Float]? {
    switch self {
    case .none, .prelu: nil
    case .relu: [Float](repeating: 0, count: outputs)
    case .leaky(let slope): [Float](repeating: slope, count: outputs)
    case .clamp(let low, _): low == 0 ? [Float](repeating: 0, count: outputs) : nil
    }
  }
}
