import QuantRuntime

/// A convolution that reads int8, by its place in the network.
enum LayerPosition: Hashable, Sendable {
  case stem(Int)
  case body(block: Int, convolution: Int)
  case tail(Int)
  case linear
}

/// What surrounds such a convolution.
struct LayerScales {
  var position: LayerPosition
  /// Where its input is observed.
  var tap: Tap
  var unit: ConvolutionUnit
  var input: ActivationScales
  var output: QuantisedOutput

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
  /// How many layers read int8: convolutions but the first, and the linear layer.
  var refinedLayerCount: Int { stem.count - 1 + blocks.reduce(0) { $0 + $1.body.count } + tail.count + 1 }
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
