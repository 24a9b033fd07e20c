import QuantRuntime

/// What a quantised convolution reads.
enum QuantisedInput {
  case int8(ActivationScales)
  /// The scale of each channel, and the largest magnitude of the integers.
  case int16(scale: [Float], largest: Int)

  /// The same as what the convolution in front writes.
  var asOutput: QuantisedOutput {
    switch self {
    case .int8(let scales): .int8(scales)
    case .int16(let scale, _): .int16(scale)
    }
  }

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
enum QuantisedOutput {
  case int8(ActivationScales)
  /// The scale of each channel.
  case int16([Float])
  /// The embedding itself.
  case float
}

/// Quantises convolutions: input scales are folded into the weights, zero points into the bias, PReLU into the
/// multipliers.
struct ConvolutionQuantiser {
  let rounding: any WeightRounding

  /// A convolution, dense or depthwise.
  func quantise(_ unit: ConvolutionUnit, input: QuantisedInput, output: QuantisedOutput) -> QuantisedConvolution {
    switch input {
    case .int8(let scales): int8(unit, input: scales, output: output)
    case .int16(let scale, let largest):
      int16(
        unit, inputScale: scale, largestInput: largest, storedInputs: paddedChannels(unit.geometry.inputChannels),
        output: output)
    }
  }

  /// A convolution that reads int8, dense or depthwise.
  func int8(_ unit: ConvolutionUnit, input: ActivationScales, output: QuantisedOutput) -> QuantisedConvolution {
    int8(unit, rounded(unit, input: input), input: input, output: output)
  }

  /// Its integers.
  func rounded(_ unit: ConvolutionUnit, input: ActivationScales) -> RefinedLayer {
    let geometry = unit.geometry
    let perOutput = geometry.weightsPerOutput
    var layer = RefinedLayer(values: [], steps: [], bias: unit.bias)
    layer.values.reserveCapacity(unit.weights.count)
    for channel in 0..<geometry.outputChannels {
      let scaled = (0..<perOutput).map {
        unit.weights[channel * perOutput + $0]
          * input.scale[geometry.isDepthwise ? channel : $0 % geometry.inputChannels]
      }
      let (values, step) = steadied(rounding.round(scaled, limit: 127), bias: unit.bias[channel])
      layer.values.append(contentsOf: values.map { Int8($0) })
      layer.steps.append(step)
    }
    return layer
  }

  /// The same with integers, steps and biases that are there already.
  func int8(
    _ unit: ConvolutionUnit, _ layer: RefinedLayer, input: ActivationScales, output: QuantisedOutput
  ) -> QuantisedConvolution {
    let geometry = unit.geometry
    let perOutput = geometry.weightsPerOutput
    var (bias, sums): ([Int32], [Int32]) = ([], [])
    for channel in 0..<geometry.outputChannels {
      var (sum, offset): (Int32, Int32) = (0, 0)
      for index in 0..<perOutput {
        let value = Int32(layer.values[channel * perOutput + index])
        sum += value
        offset += value * Int32(input.zero[geometry.isDepthwise ? channel : index % geometry.inputChannels])
      }
      sums.append(sum)
      bias.append(integer(layer.bias[channel], layer.steps[channel]) - offset)
    }
    let packed: PackedWeights =
      geometry.isDepthwise
      ? .depthwise(Tensor(packDepthwiseWeights(layer.values, geometry)))
      : .int8(
        Tensor(packWeights(layer.values, geometry, storedInputs: paddedChannels(geometry.inputChannels), group: 4)),
        sums: Tensor(padded(sums, with: 0)))
    return requantised(unit, weights: packed, bias: bias, steps: layer.steps, output: output)
  }

  /// A convolution that reads int16 of magnitude up to `largestInput`, with weights as fine as int32 sums allow.
  ///
  /// - Parameter inputScale: of each input channel.
  func int16(
    _ unit: ConvolutionUnit, inputScale: [Float], largestInput: Int, storedInputs: Int, output: QuantisedOutput
  ) -> QuantisedConvolution {
    let geometry = unit.geometry
    let perOutput = geometry.weightsPerOutput
    var weights: [Int16] = []
    var (bias, steps): ([Int32], [Float]) = ([], [])
    for channel in 0..<geometry.outputChannels {
      let scaled = (0..<perOutput).map { index in
        unit.weights[channel * perOutput + index]
          * inputScale[geometry.isDepthwise ? channel : index % inputScale.count]
      }
      let magnitudes = scaled.map { abs($0) }
      let total = magnitudes.reduce(0, +)
      let largest = magnitudes.max() ?? 0
      // Σ|w|·|x| must stay below 2³⁰: the other half of int32 is for the bias, and roundings are up to ½ per weight.
      let budget = 1_073_741_824 / Float(largestInput) - Float(perOutput)
      let limit = total > 0 ? min(32767, (budget * largest / total).rounded(.down)) : 32767
      let (values, step) = steadied(NearestRounding().round(scaled, limit: max(limit, 1)), bias: unit.bias[channel])
      weights.append(contentsOf: values)
      bias.append(integer(unit.bias[channel], step))
      steps.append(step)
    }
    let packed: PackedWeights =
      geometry.isDepthwise
      ? .depthwiseInt16(Tensor(packDepthwiseWeights(weights, geometry)), largestInput: largestInput)
      : .int16(
        Tensor(packWeights(weights, geometry, storedInputs: storedInputs, group: 2)), largestInput: largestInput)
    return requantised(unit, weights: packed, bias: bias, steps: steps, output: output)
  }

  /// The same, with a step large enough for the bias to be an integer below 2²⁹: weights that are too small beside
  /// their bias to matter become 0.
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
    _ unit: ConvolutionUnit, weights: PackedWeights, bias: [Int32], steps: [Float], output: QuantisedOutput
  ) -> QuantisedConvolution {
    var positive: [Float]
    var zero: Tensor<Int8>?
    switch output {
    case .int8(let scales):
      positive = zip(steps, scales.scale).map { $0 / $1 }
      zero = Tensor(padded(scales.zero, with: 0))
    case .int16(let scale): positive = zip(steps, scale).map { $0 / $1 }
    case .float: positive = steps
    }
    let negative = unit.slopes.map { zip(positive, $0).map { $0 * $1 } } ?? positive
    return QuantisedConvolution(
      geometry: unit.geometry, weights: weights, bias: Tensor(padded(bias, with: 0)),
      positive: Tensor(padded(positive, with: 0)), negative: Tensor(padded(negative, with: 0)), outputZero: zero)
  }
}

/// The step at which a bias is still an integer below 2²⁹.
func smallestStep(_ bias: Float) -> Float { max(abs(bias) / 536_870_912, .leastNormalMagnitude * 65536) }
