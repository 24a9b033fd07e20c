import QuantRuntime

/// A convolution whose precision can be chosen, by its place in the network.
enum LayerPosition: Hashable, Sendable {
  case stem(Int)
  case body(block: Int, convolution: Int)
  case tail(Int)
  case linear
}

/// What surrounds such a convolution.
struct LayerScales {
  /// As in the model file and in recipes: `blocks.3.body.0`.
  var name: String
  var position: LayerPosition
  /// Where its input is observed.
  var tap: Tap
  var unit: ConvolutionUnit
  var input: QuantisedInput
  var output: QuantisedOutput
  var rounding: any WeightRounding

  /// Of an int8 layer's input.
  var activations: ActivationScales {
    guard case .int8(let scales) = input else { preconditionFailure("the layer reads int16") }
    return scales
  }

  var isInt8: Bool {
    if case .int8 = input { true } else { false }
  }

  /// The block that it belongs to: 0 in the stem, the number of blocks behind the last one.
  func block(of network: QuantisedNetwork) -> Int {
    switch position {
    case .stem: 0
    case .body(let block, _): block
    case .tail, .linear: network.blocks.count
    }
  }
}

extension Network {
  /// The names of the layers whose precision can be chosen: all convolutions but the first one and those of shortcuts,
  /// and the linear layer.
  var quantisedLayerNames: [String] {
    stem.indices.dropFirst().map { "stem.\($0)" }
      + blocks.indices.flatMap { block in blocks[block].body.indices.map { "blocks.\(block).body.\($0)" } }
      + tail.indices.map { "tail.\($0)" } + ["head"]
  }
}

extension EmbeddingHead {
  /// The linear layer as a convolution whose kernel is the whole image.
  var linear: ConvolutionUnit {
    ConvolutionUnit(
      geometry: ConvolutionGeometry(
        inputChannels: inputChannels, outputChannels: embeddingSize, kernelHeight: inputHeight, kernelWidth: inputWidth),
      weights: weights, bias: bias)
  }
}
