import FaceqSupport
import QuantRuntime

/// Turns a float graph into a quantised one of the same topology.
package struct GraphQuantiser {
  let graph: Graph<FloatLayer>
  let scales: GraphScales
  let shapes: [Extent]
  let recipe: CalibrationRecipe

  /// - Parameters:
  ///   - graph: with copies (`insertingCopies()`).
  ///   - ranges: for each value and channel what it is to hold.
  /// - Throws: where the graph has something that int8 does not cover, naming it.
  package init(
    _ graph: Graph<FloatLayer>, ranges: [[ClosedRange<Float>]], _ recipe: CalibrationRecipe
  ) throws(FaceqError) {
    try graph.check()
    self.graph = graph
    self.recipe = recipe
    shapes = try graph.shapes()
    scales = try GraphScales(graph, try graph.representations(recipe), ranges: ranges)
  }

  /// - Throws: where the graph has something that int8 does not cover, naming it.
  package init(
    _ graph: Graph<FloatLayer>, _ statistics: ActivationStatistics, _ recipe: CalibrationRecipe
  ) throws(FaceqError) {
    try self.init(graph, ranges: ActivationRanges(graph, statistics, recipe).ranges, recipe)
  }

  package func quantise() -> Graph<QuantisedLayer> {
    graph.mapLayers { (index, node) throws(Never) in layer(index, node) }
  }

  private func layer(_ index: Int, _ node: Node<FloatLayer>) -> QuantisedLayer? {
    switch (node.operation, node.layer) {
    case (.convolution, _), (.linear, _):
      return LayerWeights(node, inputs: shapes[node.inputs[0]].channels).map {
        .convolution(convolved(index, node, $0))
      }
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

  private func convolved(_ index: Int, _ node: Node<FloatLayer>, _ layer: LayerWeights) -> IntegerConvolution {
    var quantised = ConvolutionQuantiser(rounding: recipe[node.name].rounding).quantise(
      layer, input: scales.input(node.inputs[0]), output: scales.output(index), isImage: node.inputs[0] == 0)
    quantised.limits = limits(index, layer.convolution.activation)
    return quantised
  }

  // MARK: - Everything else

  private func conversion(
    _ index: Int, _ node: Node<FloatLayer>, _ activation: Activation, scale: [Float]?, shift: [Float]?
  ) -> IntegerConversion {
    let input = node.inputs[0]
    let (read, written) = (scales.scales[input], outputScales(index))
    let zeros = scales.zeros[index]
    let factor = read.indices.map { (scale?[$0] ?? 1) * read[$0] / written[$0] }
    let offset = read.indices.map { channel in
      var offset = (shift?[channel] ?? 0) / written[channel] + Float(zeros?[channel] ?? 0)
      if let zero = scales.zeros[input]?[channel] { offset -= factor[channel] * Float(zero) }
      return offset
    }
    return IntegerConversion(
      scale: perChannel(factor), offset: perChannel(offset), zero: zero(index), limits: limits(index, activation))
  }

  private func average(_ index: Int, _ node: Node<FloatLayer>) -> IntegerConversion {
    let (read, written) = (scales.scales[node.inputs[0]], outputScales(index))
    let pixels = shapes[node.inputs[0]].pixels
    return IntegerConversion(
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

extension Graph {
  /// How every value is stored, as a recipe wants its layers.
  func representations(_ recipe: CalibrationRecipe) throws(FaceqError) -> Representations {
    let shapes = try shapes()
    return try representations { index in
      guard recipe[nodes[index].name].precision == .int16, let input = nodes[index].inputs.first else { return nil }
      return switch nodes[index].operation {
      case .convolution(let convolution), .linear(let convolution):
        largestInt16Input(weightsPerOutput: convolution.weightsPerOutput(inputs: shapes[input].channels))
      default: nil
      }
    }
  }
}
