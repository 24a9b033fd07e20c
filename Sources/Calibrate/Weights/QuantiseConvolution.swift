import QuantRuntime

/// What a quantised convolution reads.
package enum QuantisedInput {
  case int8(ActivationScales)
  /// The scale of each channel, and the largest magnitude of the integers.
  case int16(scale: [Float], largest: Int)

  /// The values that each channel can take.
  var ranges: [ClosedRange<Float>] {
    switch self {
    case .int8(let scales):
      zip(scales.scale, scales.zero).map { scale, zero in
        scale * (-128 - Float(zero))...scale * (127 - Float(zero))
      }
    case .int16(let scale, let largest): scale.map { -$0 * Float(largest)...$0 * Float(largest) }
    }
  }
}

/// What a quantised convolution writes.
package enum QuantisedOutput {
  case int8(ActivationScales)
  /// The scale of each channel.
  case int16([Float])
  /// The embedding itself.
  case float
}

/// Quantises convolutions: input scales are folded into the weights, zero points into the bias, and what sums below 0 are
/// multiplied with into the multipliers.
package struct ConvolutionQuantiser {
  private let rounding: any WeightRounding

  package init(rounding: any WeightRounding) { self.rounding = rounding }

  /// - Parameter isImage: the convolution reads the image, which is stored as four channels.
  func quantise(
    _ layer: LayerWeights, input: QuantisedInput, output: QuantisedOutput, isImage: Bool
  ) -> IntegerConvolution {
    switch input {
    case .int8(let scales): int8(layer, rounded(layer, input: scales), input: scales, output: output)
    case .int16(let scale, let largest):
      int16(layer, inputScale: scale, largestInput: largest, output: output, isImage: isImage)
    }
  }

  /// The integers of a layer that reads bytes.
  package func rounded(_ layer: LayerWeights, input: ActivationScales) -> RefinedLayer {
    let perOutput = layer.perOutput
    var refined = RefinedLayer(values: [], steps: [], bias: layer.bias)
    refined.values.reserveCapacity(layer.weights.count)
    for output in 0..<layer.outputs {
      let scaled = (0..<perOutput).map {
        layer.weights[output * perOutput + $0] * input.scale[layer.channel(output: output, weight: $0)]
      }
      let (values, step) = steadied(rounding.round(scaled, limit: 127), bias: layer.bias[output])
      refined.values.append(contentsOf: values.map { Int8($0) })
      refined.steps.append(step)
    }
    return refined
  }

  /// A layer that reads bytes, from integers, steps and biases that are there already.
  package func int8(
    _ layer: LayerWeights, _ refined: RefinedLayer, input: ActivationScales, output: QuantisedOutput
  ) -> IntegerConvolution {
    let perOutput = layer.perOutput
    var bias: [Int32] = []
    for channel in 0..<layer.outputs {
      // Sums of more than 131,072 products may overflow on the way, here as in the kernels; what counts is their end.
      var offset: Int32 = 0
      for weight in 0..<perOutput {
        let zero = Int32(input.zero[layer.channel(output: channel, weight: weight)])
        offset &+= Int32(refined.values[channel * perOutput + weight]) &* zero
      }
      bias.append(integer(refined.bias[channel], refined.steps[channel]) &- offset)
    }
    return requantised(
      layer, PackedWeights(int8: refined.values, layer.convolution, inputs: layer.inputs), bias: bias,
      steps: refined.steps, output: output)
  }

  /// A layer that reads int16 of a magnitude up to `largestInput`, with weights as fine as int32 sums allow.
  private func int16(
    _ layer: LayerWeights, inputScale: [Float], largestInput: Int, output: QuantisedOutput, isImage: Bool
  ) -> IntegerConvolution {
    let perOutput = layer.perOutput
    var weights: [Int16] = []
    var (bias, steps): ([Int32], [Float]) = ([], [])
    for channel in 0..<layer.outputs {
      let scaled = (0..<perOutput).map { weight in
        layer.weights[channel * perOutput + weight] * inputScale[layer.channel(output: channel, weight: weight)]
      }
      let magnitudes = scaled.map { abs($0) }
      let total = magnitudes.reduce(0, +)
      let largest = magnitudes.max() ?? 0
      // Σ|w|·|x| must stay below 2³⁰: the other half of int32 is for the bias, and roundings are up to ½ per weight.
      let budget = 1_073_741_824 / Float(largestInput) - Float(perOutput)
      let limit = total > 0 ? min(32767, (budget * largest / total).rounded(.down)) : 32767
      let (values, step) = steadied(NearestRounding().round(scaled, limit: max(limit, 1)), bias: layer.bias[channel])
      weights.append(contentsOf: values)
      bias.append(integer(layer.bias[channel], step))
      steps.append(step)
    }
    let packed = PackedWeights(
      int16: weights, layer.convolution, inputs: layer.inputs, isImage: isImage, largestInput: largestInput)
    return requantised(layer, packed, bias: bias, steps: steps, output: output)
  }

  /// Integers with a step large enough for the bias to be an integer below 2²⁹: weights that are too small beside their
  /// bias to matter become 0.
  private func steadied(_ rounded: (values: [Int16], step: Float), bias: Float) -> (values: [Int16], step: Float) {
    let smallest = smallestStep(bias)
    guard rounded.step < smallest else { return rounded }
    let factor = rounded.step / smallest
    return (rounded.values.map { Int16((Float($0) * factor).rounded(.toNearestOrEven)) }, smallest)
  }

  private func integer(_ value: Float, _ step: Float) -> Int32 {
    Int32((Double(value) / Double(step)).rounded(.toNearestOrEven))
  }

  private func requantised(
    _ layer: LayerWeights, _ weights: PackedWeights, bias: [Int32], steps: [Float], output: QuantisedOutput
  ) -> IntegerConvolution {
    var positive: [Float]
    var zero: Tensor<Int8>?
    switch output {
    case .int8(let scales):
      positive = zip(steps, scales.scale).map { $0 / $1 }
      zero = Tensor(padded(scales.zero, with: 0))
    case .int16(let scale): positive = zip(steps, scale).map { $0 / $1 }
    case .float: positive = steps
    }
    let negative = layer.slopes.map { zip(positive, $0).map { $0 * $1 } } ?? positive
    return IntegerConvolution(
      weights: weights, bias: Tensor(padded(bias, with: 0)), positive: Tensor(padded(positive, with: 0)),
      negative: Tensor(padded(negative, with: 0)), zero: zero)
  }
}

/// The step at which a bias is still an integer below 2²⁹.
func smallestStep(_ bias: Float) -> Float { max(abs(bias) / 536_870_912, .leastNormalMagnitude * 65536) }
