import SIMDKernels

/// What reports say about a graph's layers.
extension Graph {
  /// The nodes whose weights' precision can be chosen: convolutions and linear layers, but not those that read the image
  /// or, as projections, a sum, which are of int16 whatever is chosen.
  package var layersOfChoice: [Int] {
    let kinds = ValueKinds(self)
    return nodes.indices.filter { index in
      switch nodes[index].operation {
      case .convolution, .linear: nodes[index].inputs != [0] && !kinds.isProjection[index]
      default: false
      }
    }
  }

  /// The convolutions that read a sum as it is, because an addition alone reads what they write, as its base.
  package var projections: [Int] {
    let kinds = ValueKinds(self)
    return nodes.indices.filter { kinds.isProjection[$0] }
  }

  /// Layers with weights: convolutions and linear layers, and the two of every squeeze-and-excitation.
  package var layerCount: Int {
    nodes.reduce(0) { count, node in
      switch node.operation {
      case .convolution, .transposedConvolution, .linear: count + 1
      case .gate: count + 2
      default: count
      }
    }
  }

  /// The additions: the ends of residual blocks, where a network is made of these.
  package var additions: [Int] {
    nodes.indices.filter { if case .add = nodes[$0].operation { true } else { false } }
  }
}

extension Graph<QuantisedLayer> {
  /// The names of the layers whose weights and inputs are int16 by choice.
  package var int16Layers: [String] {
    layersOfChoice.filter { nodes[$0].layer?.largestInput != nil }.map { nodes[$0].name }
  }

  /// The order of the weights of dense int8 convolutions.
  package var packedOrder: PackedOrder {
    for node in nodes {
      if case .convolution(let layer) = node.layer, case .int8 = layer.weights { return layer.order }
    }
    return .fours
  }
}

extension Operation {
  /// What is applied to what the operation computes.
  package var activation: Activation {
    switch self {
    case .convolution(let convolution), .transposedConvolution(let convolution), .linear(let convolution):
      convolution.activation
    case .affine(let activation), .copy(let activation): activation
    case .add(let addition): addition.activation
    default: .none
    }
  }
}
