import FaceqSupport

/// The numbers of a node in the float network.
package enum FloatLayer: Sendable, Equatable {
  /// Of a convolution, a transposed convolution or a linear layer: weights [output channel][kernel row][kernel column]
  /// [input channel of the group] and a bias for each output channel; slopes where the activation is a PReLU.
  case convolution(weights: [Float], bias: [Float], slopes: [Float]?)
  /// One of each for every channel; slopes where the activation is a PReLU.
  case affine(scale: [Float], shift: [Float], slopes: [Float]?)
  /// Of a copy or an addition whose activation is a PReLU, one for each channel.
  case slopes([Float])
  /// Reduce [hidden][channel], expand [channel][hidden], and biases for each hidden value and each channel.
  case gate(reduce: [Float], expand: [Float], reduceBias: [Float]?, expandBias: [Float]?)

  package var slopes: [Float]? {
    switch self {
    case .convolution(_, _, let slopes), .affine(_, _, let slopes): slopes
    case .slopes(let slopes): slopes
    case .gate: nil
    }
  }

  /// Its tensors, in the order of `Operation.layerTensors(inputs:)`.
  package var tensors: [[Float]] {
    switch self {
    case .convolution(let weights, let bias, let slopes): [weights, bias] + (slopes.map { [$0] } ?? [])
    case .affine(let scale, let shift, let slopes): [scale, shift] + (slopes.map { [$0] } ?? [])
    case .slopes(let slopes): [slopes]
    case .gate(let reduce, let expand, let reduceBias, let expandBias):
      [reduce, expand] + (reduceBias.map { [$0] } ?? []) + (expandBias.map { [$0] } ?? [])
    }
  }

  /// The layer of an operation, from its tensors in the order of `Operation.layerTensors(inputs:)`; nil where the
  /// operation has none.
  package init?(_ operation: Operation, tensors: [[Float]]) {
    switch operation {
    case .convolution, .transposedConvolution, .linear:
      self = .convolution(weights: tensors[0], bias: tensors[1], slopes: tensors.count > 2 ? tensors[2] : nil)
    case .affine: self = .affine(scale: tensors[0], shift: tensors[1], slopes: tensors.count > 2 ? tensors[2] : nil)
    case .gate:
      self = .gate(
        reduce: tensors[0], expand: tensors[1], reduceBias: tensors.count > 2 ? tensors[2] : nil,
        expandBias: tensors.count > 3 ? tensors[3] : nil)
    case .copy, .add:
      guard let slopes = tensors.first else { return nil }
      self = .slopes(slopes)
    case .image, .multiply, .maxPool, .averagePool, .globalAverage, .upsample, .concatenate, .slice, .depthToSpace,
      .sigmoid, .softmax, .normalise:
      return nil
    }
  }
}

/// A tensor of a float layer.
package struct LayerTensor: Sendable, Equatable {
  /// In a model file the tensor is called NODE.NAME.
  package var name: String
  package var dimensions: [Int]

  package var count: Int { dimensions.reduce(1, *) }
}

extension Operation {
  /// What tensors the float layer of this operation has, where it reads so many channels; none where it has no layer.
  package func layerTensors(inputs: Int) -> [LayerTensor] {
    func tensor(_ name: String, _ dimensions: Int...) -> LayerTensor { LayerTensor(name: name, dimensions: dimensions) }
    switch self {
    case .convolution(let convolution), .transposedConvolution(let convolution), .linear(let convolution):
      let (outputs, kernel) = (convolution.outputs, convolution.window.kernel)
      return [
        tensor(
          "weight", outputs, kernel.height, kernel.width,
          convolution.weightsPerOutput(inputs: inputs) / (kernel.height * kernel.width)), tensor("bias", outputs),
      ] + (convolution.activation == .prelu ? [tensor("slope", outputs)] : [])
    case .affine(let activation):
      return [tensor("scale", inputs), tensor("shift", inputs)]
        + (activation == .prelu ? [tensor("slope", inputs)] : [])
    case .copy(let activation): return activation == .prelu ? [tensor("slope", inputs)] : []
    case .add(let addition): return addition.activation == .prelu ? [tensor("slope", inputs)] : []
    case .gate(let gate):
      return [tensor("reduce", gate.hidden, inputs), tensor("expand", inputs, gate.hidden)]
        + (gate.hasBiases ? [tensor("reduce_bias", gate.hidden), tensor("expand_bias", inputs)] : [])
    case .image, .multiply, .maxPool, .averagePool, .globalAverage, .upsample, .concatenate, .slice, .depthToSpace,
      .sigmoid, .softmax, .normalise:
      return []
    }
  }
}

extension Graph {
  /// Calls `read` for every tensor of every float layer, and returns the graph with these layers.
  ///
  /// - Parameter read: the values of a tensor, which `node` and the tensor's name name.
  /// - Throws: as `shapes(height:width:)` and `read` do, and where a tensor has another number of values.
  package func floatLayers(
    _ read: (_ node: String, _ tensor: LayerTensor) throws(FaceqError) -> [Float]
  ) throws(FaceqError) -> Graph<FloatLayer> {
    let shapes = try shapes()
    let graph = try mapLayers { (index, node) throws(FaceqError) -> FloatLayer? in
      guard let input = node.inputs.first else { return nil }
      var tensors: [[Float]] = []
      for tensor in node.operation.layerTensors(inputs: shapes[input].channels) {
        tensors.append(try read(node.name, tensor))
      }
      return FloatLayer(node.operation, tensors: tensors)
    }
    try graph.check()
    return graph
  }
}

extension Graph<FloatLayer> {
  /// Checks that the nodes fit together and have the numbers that they need.
  ///
  /// - Throws: what is wrong, naming the node.
  package func check() throws(FaceqError) {
    let shapes = try shapes()
    var names: Set<String> = []
    for (index, node) in nodes.enumerated() {
      guard node.name.isEmpty || names.insert(node.name).inserted else {
        throw FaceqError("two nodes are called \(node.name)")
      }
      guard let input = node.inputs.first else { continue }
      let wanted = node.operation.layerTensors(inputs: shapes[input].channels)
      let tensors = node.layer?.tensors ?? []
      guard wanted.isEmpty || !node.name.isEmpty else { throw FaceqError("\(label(index)) has weights and no name") }
      guard tensors.count == wanted.count else {
        throw FaceqError("\(label(index)) has \(tensors.count) tensors where \(wanted.count) belong")
      }
      for (values, tensor) in zip(tensors, wanted) where values.count != tensor.count {
        throw FaceqError("\(label(index)).\(tensor.name) has \(values.count) values where \(tensor.count) belong")
      }
    }
  }
}
