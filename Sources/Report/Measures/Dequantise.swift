import QuantRuntime

/// The float network with exactly an int8 network's weights: what is lost when weights are rounded and activations are
/// not.
///
/// Scales between two layers cancel and are not stored, so an int8 tensor has the unit of its integers, less the zero
/// point: the observed activations at int8 taps are `q − zero` before rounding and clipping. Trunk and branches have
/// real units, but for a trunk behind the stem whose scale the file does not tell (`hasRealStem`).
package struct DequantisedNetwork: Sendable {
  package let network: Network
  /// Zero points at every tap that is int8 in the engine.
  package let zeros: [Tap: [Int8]]
  /// The stem and the first block can be put into the original network one without the other.
  package let hasRealStem: Bool

  package init(_ int8: QuantisedNetwork) {
    let scales = TrunkScales(int8)
    hasRealStem = scales.isStemReal
    var zeros: [Tap: [Int8]] = [:]
    let stem = chain(
      int8.stem, zero: nil, inputScale: 2 * int8.input.divisor, output: scales.behind(block: -1),
      zeros: &zeros
    ) { .stemBody($0) }
    var blocks: [ResidualBlock] = []
    for (index, block) in int8.blocks.enumerated() {
      let (trunk, newTrunk) = (scales.behind(block: index - 1), scales.behind(block: index))
      let channels = block.body[0].geometry.inputChannels
      zeros[.blockInput(index)] = block.input.zero.map { Array($0.buffer.prefix(channels)) }
      let body = chain(
        block.body, zero: block.input.zero, output: zip(block.gate.buffer, newTrunk).map { $0 * $1 },
        zeros: &zeros
      ) { .body(block: index, convolution: $0) }
      blocks.append(
        ResidualBlock(
          input: affine(block.input, trunk: trunk, channels: channels), body: body,
          squeezeExcite: block.squeezeExcite.map { dequantised($0, channels: newTrunk.count) },
          shortcut: dequantised(block.shortcut, trunk: trunk, newTrunk: newTrunk)))
    }
    let head = int8.head
    let linear = head.linear.geometry
    let trunk = scales.behind(block: blocks.count - 1)
    zeros[head.body.isEmpty ? .headInput : .tailInput] = head.input.zero.map { Array($0.buffer.prefix(trunk.count)) }
    let tail = chain(
      head.body, zero: head.input.zero, output: nil, zeros: &zeros
    ) { .tail($0) }
    if let last = head.body.last?.outputZero {
      zeros[.headInput] = Array(last.buffer.prefix(linear.inputChannels))
    }
    let last = dequantised(
      head.linear, zero: head.body.isEmpty ? head.input.zero : head.body.last?.outputZero, output: nil)
    network = Network(
      input: int8.input, stem: stem, blocks: blocks, tail: tail,
      head: EmbeddingHead(
        input: affine(head.input, trunk: trunk, channels: trunk.count),
        inputHeight: linear.kernelHeight, inputWidth: linear.kernelWidth, inputChannels: linear.inputChannels,
        weights: last.weights, bias: last.bias))
    self.zeros = zeros
  }
}

/// What one unit of the int16 trunk is worth, per channel.
private struct TrunkScales {
  let isStemReal: Bool
  private let behindStem: [Float]
  private let blocks: [QuantisedBlock]

  init(_ network: QuantisedNetwork) {
    blocks = network.blocks
    let channels = network.stem[network.stem.count - 1].geometry.outputChannels
    let first = network.blocks[0].trunkScale.buffer
    switch network.blocks[0].shortcut {
    case .identity: (behindStem, isStemReal) = (Array(first.prefix(channels)), true)
    case .subsample(_, let ratio):
      (behindStem, isStemReal) = (zip(ratio.buffer, first).prefix(channels).map { $0 * $1 }, true)
    case .none, .convolution: (behindStem, isStemReal) = ([Float](repeating: 1, count: channels), false)
    }
  }

  /// −1 is the stem.
  func behind(block: Int) -> [Float] {
    guard block >= 0 else { return behindStem }
    let body = blocks[block].body
    return Array(blocks[block].trunkScale.buffer.prefix(body[body.count - 1].geometry.outputChannels))
  }
}

private func chain(
  _ convolutions: [QuantisedConvolution], zero: Tensor<Int8>?, inputScale: Float = 1, output: [Float]?,
  zeros: inout [Tap: [Int8]], tap: (Int) -> Tap
) -> [ConvolutionUnit] {
  var units: [ConvolutionUnit] = []
  var (zero, inputScale) = (zero, inputScale)
  for (index, convolution) in convolutions.enumerated() {
    let isLast = index == convolutions.count - 1
    units.append(dequantised(convolution, zero: zero, inputScale: inputScale, output: isLast ? output : nil))
    zero = convolution.outputZero
    inputScale = 1
    if !isLast, let zero { zeros[tap(index)] = Array(zero.buffer.prefix(convolution.geometry.outputChannels)) }
  }
  return units
}

/// - Parameters:
///   - zero: zero points of the input; nil where it has none.
///   - inputScale: units of the integer input in one of the float one.
///   - output: what a unit of the output is worth, per channel; nil leaves it as it is.
private func dequantised(
  _ convolution: QuantisedConvolution, zero: Tensor<Int8>?, inputScale: Float = 1, output: [Float]?
) -> ConvolutionUnit {
  let geometry = convolution.geometry
  let perOutput = geometry.weightsPerOutput
  let integers = unpackedWeights(convolution)
  var weights = [Float](repeating: 0, count: integers.count)
  var (bias, slopes): ([Float], [Float]) = ([], [])
  for channel in 0..<geometry.outputChannels {
    let positive = convolution.positive[channel]
    let factor = positive * (output?[channel] ?? 1)
    var sum = Double(convolution.bias[channel])
    for index in 0..<perOutput {
      let weight = integers[channel * perOutput + index]
      weights[channel * perOutput + index] = weight * factor * inputScale
      if let zero {
        sum += Double(weight) * Double(zero[geometry.isDepthwise ? channel : index % geometry.inputChannels])
      }
    }
    bias.append(Float(sum * Double(factor)))
    slopes.append(positive == 0 ? 1 : convolution.negative[channel] / positive)
  }
  return ConvolutionUnit(
    geometry: geometry, weights: weights, bias: bias, slopes: slopes.allSatisfy { $0 == 1 } ? nil : slopes)
}

/// [output channel][kernel row][kernel column][input channel of the group], as they were before they were packed.
private func unpackedWeights(_ convolution: QuantisedConvolution) -> [Float] {
  let geometry = convolution.geometry
  let positions = geometry.kernelHeight * geometry.kernelWidth
  switch convolution.weights {
  case .int8(let packed, _): return unpacked(packed, geometry, positions, group: 4)
  case .int16(let packed, _): return unpacked(packed, geometry, positions, group: 2)
  case .depthwise(let packed): return unpackedDepthwise(packed, geometry, positions)
  case .depthwiseInt16(let packed, _): return unpackedDepthwise(packed, geometry, positions)
  }
}

private func unpackedDepthwise<Element: FixedWidthInteger>(
  _ packed: Tensor<Element>, _ geometry: ConvolutionGeometry, _ positions: Int
) -> [Float] {
  let stored = paddedChannels(geometry.outputChannels)
  return (0..<geometry.outputChannels * positions).map { Float(packed[$0 % positions * stored + $0 / positions]) }
}

private func unpacked<Element: FixedWidthInteger>(
  _ packed: Tensor<Element>, _ geometry: ConvolutionGeometry, _ positions: Int, group: Int
) -> [Float] {
  let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
  let storedInputs = packed.count / (paddedChannels(outputs) * positions)
  let source = packed.buffer
  var weights: [Float] = []
  weights.reserveCapacity(outputs * positions * inputs)
  for output in 0..<outputs {
    let block = output / 16 * positions * storedInputs * 16 + output % 16 * group
    for position in 0..<positions {
      for input in 0..<inputs {
        weights.append(
          Float(source[block + (position * storedInputs + input / group * group) * 16 + input % group]))
      }
    }
  }
  return weights
}

private func affine(_ quantiser: TrunkQuantiser, trunk: [Float], channels: Int) -> ChannelAffine {
  ChannelAffine(
    scale: (0..<channels).map { quantiser.scale[$0] / trunk[$0] },
    shift: (0..<channels).map { quantiser.offset[$0] - Float(quantiser.zero?[$0] ?? 0) })
}

private func dequantised(_ squeezeExcite: QuantisedSqueezeExcite, channels: Int) -> SqueezeExcite {
  func unpadded(_ matrix: Tensor<Float>, rows: Int, columns: Int) -> [Float] {
    (0..<rows * columns).map { matrix[$0 / columns * paddedChannels(columns) + $0 % columns] }
  }
  let hidden = squeezeExcite.hidden
  return SqueezeExcite(
    reduce: unpadded(squeezeExcite.reduce, rows: hidden, columns: channels),
    expand: unpadded(squeezeExcite.expand, rows: channels, columns: hidden), hidden: hidden)
}

private func dequantised(_ shortcut: QuantisedShortcut, trunk: [Float], newTrunk: [Float]) -> Shortcut {
  switch shortcut {
  case .none: return .none
  case .identity: return .identity
  case .subsample(let stride, _): return .subsample(stride: stride)
  case .convolution(let convolution):
    var unit = dequantised(convolution, zero: nil, output: newTrunk)
    for index in unit.weights.indices { unit.weights[index] /= trunk[index % trunk.count] }
    return .convolution(unit)
  }
}
