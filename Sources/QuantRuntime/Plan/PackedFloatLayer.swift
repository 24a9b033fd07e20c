import FaceqSupport
import SIMDKernels

/// The numbers of a node of a float graph in the order that the kernels want: packed and padded once, when a session
/// opens.
enum PackedFloatLayer: Sendable {
  case convolution(PackedFloatConvolution)
  case affine(scale: Tensor<Float>, shift: Tensor<Float>, slopes: Tensor<Float>?)
  case activation(slopes: Tensor<Float>)
  case gate(PackedGate)

  /// Of an activation behind a copy or an addition.
  var slopes: Tensor<Float>? { if case .activation(let slopes) = self { slopes } else { nil } }
}

struct PackedFloatConvolution: Sendable {
  enum Order: Sendable {
    /// [block of 16 output channels][kernel row][kernel column][input channel as stored][16 output channels].
    case direct
    /// [block of 16 output channels][input channel][kernel row][kernel column][16 output channels].
    case winograd
    /// [kernel row][kernel column][channel as stored].
    case depthwise
    case grouped(WeightOrder)
  }

  let order: Order
  let weights: Tensor<Float>
  let bias: Tensor<Float>
  /// What sums below 0 are multiplied with: 1 where there is no such activation.
  let slopes: Tensor<Float>
}

struct PackedGate: Sendable {
  /// Padded to a multiple of 16.
  let hidden: Int
  /// [hidden][channel] and [channel][hidden], both padded to multiples of 16.
  let reduce: Tensor<Float>
  let expand: Tensor<Float>
  let biases: (reduce: Tensor<Float>, expand: Tensor<Float>)?
}

extension Graph<FloatLayer> {
  /// The graph with its numbers as the kernels want them.
  ///
  /// - Parameter isWinograd: compute as Winograd what can be.
  /// - Throws: where the graph is not well formed.
  func packed(isWinograd: Bool) throws(FaceqError) -> Graph<PackedFloatLayer> {
    let shapes = try shapes()
    let isPicture = pictures(isFloat: true)
    let storedPicture = pictureChannels(isFloat: true)
    return mapLayers { (index, node) throws(Never) in
      let inputs = node.inputs.first.map { shapes[$0].channels } ?? 0
      return switch (node.operation, node.layer) {
      case (.convolution(let convolution), .convolution(let weights, let bias, let slopes)),
        (.linear(let convolution), .convolution(let weights, let bias, let slopes)):
        .convolution(
          PackedFloatConvolution(
            convolution, weights: weights, bias: bias, slopes: slopes, inputs: inputs,
            storedInputs: isPicture[node.inputs[0]] ? storedPicture : paddedChannels(inputs), isWinograd: isWinograd))
      case (.affine(let activation), .affine(let scale, let shift, let slopes)):
        .affine(
          scale: Tensor(padded(scale, with: 0)), shift: Tensor(padded(shift, with: 0)),
          slopes: activation.negativeSlopes(slopes, channels: inputs))
      case (.copy(let activation), let layer):
        activation.negativeSlopes(layer?.slopes, channels: inputs).map { .activation(slopes: $0) }
      case (.add(let addition), let layer):
        addition.activation.negativeSlopes(layer?.slopes, channels: inputs).map { .activation(slopes: $0) }
      case (.gate(let gate), .gate(let reduce, let expand, let reduceBias, let expandBias)):
        .gate(
          PackedGate(
            hidden: paddedChannels(gate.hidden),
            reduce: Tensor(paddedMatrix(reduce, rows: gate.hidden, columns: inputs)),
            expand: Tensor(paddedMatrix(expand, rows: inputs, columns: gate.hidden)),
            biases: reduceBias.flatMap { reduceBias in
              expandBias.map { (Tensor(padded(reduceBias, with: 0)), Tensor(padded($0, with: 0))) }
            }))
      default: nil
      }
    }
  }
}

extension PackedFloatConvolution {
  /// - Parameters:
  ///   - weights: [output channel][kernel row][kernel column][input channel of the group].
  ///   - storedInputs: 3 for a picture that only such convolutions read, else a multiple of 16.
  fileprivate init(
    _ convolution: Convolution, weights: [Float], bias: [Float], slopes: [Float]?, inputs: Int, storedInputs: Int,
    isWinograd: Bool
  ) {
    let window = convolution.window
    let order: Order
    let weightOrder = WeightOrder(convolution, inputs: inputs, storedInputs: storedInputs, valueBytes: 4)
    switch convolution.grouping {
    case .depthwise: order = .depthwise
    case .groups: order = .grouped(weightOrder)
    case .dense:
      order =
        isWinograd && window.isSquare3 && window.stride.height == 1 && storedInputs.isMultiple(of: 16)
        ? .winograd : .direct
    }
    guard case .winograd = order else {
      self.init(convolution, order, weightOrder.packed(weights), bias: bias, slopes: slopes)
      return
    }
    let positions = window.kernel.height * window.kernel.width
    var packed = [Float](repeating: 0, count: weightOrder.count)
    for output in 0..<convolution.outputs {
      let block = (output / 16) * positions * storedInputs * 16 + output % 16
      for position in 0..<positions {
        for input in 0..<inputs {
          packed[block + (position + input * positions) * 16] =
            weights[(output * positions + position) * inputs + input]
        }
      }
    }
    self.init(convolution, order, packed, bias: bias, slopes: slopes)
  }

  private init(_ convolution: Convolution, _ order: Order, _ packed: [Float], bias: [Float], slopes: [Float]?) {
    self.order = order
    weights = Tensor(packed)
    self.bias = Tensor(padded(bias, with: 0))
    self.slopes =
      convolution.activation.negativeSlopes(slopes, channels: convolution.outputs)
      ?? Tensor([Float](repeating: 1, count: paddedChannels(convolution.outputs)))
  }
}

extension Activation {
  /// What values below 0 are multiplied with, for each channel; nil where they stay.
  fileprivate func negativeSlopes(_ slopes: [Float]?, channels: Int) -> Tensor<Float>? {
    switch self {
    case .none, .clamp: nil
    case .relu: Tensor([Float](repeating: 0, count: paddedChannels(channels)))
    case .leaky(let slope): Tensor([Float](repeating: slope, count: paddedChannels(channels)))
    case .prelu: Tensor(padded(slopes ?? [], count: channels, with: 1))
    }
  }

  /// What floats are clamped to.
  var floatLimits: FloatLimits? {
    if case .clamp(let low, let high) = self { FloatLimits(lowest: low, highest: high) } else { nil }
  }
}
