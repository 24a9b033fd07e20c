import QuantRuntime

/// A convolution or a linear layer of a float graph, with its numbers.
package struct LayerWeights {
  let convolution: Convolution
  /// Channels of what it reads.
  let inputs: Int
  let isLinear: Bool
  /// The weights [output channel][kernel row][kernel column][input channel of the group].
  let weights: [Float]
  /// One for each output channel.
  let bias: [Float]
  /// What sums below 0 are multiplied with, for each output channel; nil where they stay.
  let slopes: [Float]?

  /// Takes the numbers of a node; nil where it is no such layer.
  ///
  /// - Parameter inputs: channels of what it reads.
  package init?(_ node: Node<FloatLayer>, inputs: Int) {
    guard case .convolution(let weights, let bias, let slopes) = node.layer else { return nil }
    switch node.operation {
    case .convolution(let convolution): (self.convolution, isLinear) = (convolution, false)
    case .linear(let convolution): (self.convolution, isLinear) = (convolution, true)
    default: return nil
    }
    self.inputs = inputs
    self.weights = weights
    self.bias = bias
    self.slopes = slopes ?? convolution.activation.slopes(outputs: convolution.outputs)
  }

  var outputs: Int { convolution.outputs }
  var window: Window { convolution.window }
  /// Kernel height · kernel width.
  var positions: Int { window.kernel.height * window.kernel.width }
  /// Weights of one output channel.
  var perOutput: Int { convolution.weightsPerOutput(inputs: inputs) }
  /// Input channels that one output reads.
  var groupInputs: Int { perOutput / positions }
  /// Output channels that read the same inputs.
  var groupOutputs: Int { outputs / (inputs / groupInputs) }

  /// The input channel that a weight is multiplied with.
  ///
  /// - Parameter weight: its place among those of one output.
  func channel(output: Int, weight: Int) -> Int { output / groupOutputs * groupInputs + weight % groupInputs }

  /// The layer's output rows and columns for a plane.
  func outputSize(height: Int, width: Int) -> Size {
    let padding = window.padding
    return Size(
      (height + padding.top + padding.bottom - window.kernel.height) / window.stride.height + 1,
      (width + padding.left + padding.right - window.kernel.width) / window.stride.width + 1)
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
