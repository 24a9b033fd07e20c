import FaceqSupport
import SIMDKernels

/// The numbers of a node in the quantised network. Tensors with one number for each channel are padded to a multiple of
/// 16 of them (`paddedChannels`) with zeros.
///
/// `docs/how-it-works/quantisation.md` has the formulas; `round` is to the nearest, ties to even.
package enum QuantisedLayer: Sendable {
  /// Of a convolution or a linear layer.
  case convolution(IntegerConvolution)
  /// Of an affine, a copy or a global average.
  case conversion(IntegerConversion)
  /// Of an addition.
  case sum(IntegerSum)
  /// Of a multiplication with a gate.
  case product(IntegerProduct)
  case gate(IntegerGate)
}

/// `a = Σ w · q + bias`; `q = clamp(round(Float(a) · (a < 0 ? negative : positive)) + zero)`, or where the output is
/// float, the product itself.
package struct IntegerConvolution: Sendable {
  package var weights: PackedWeights
  /// Of dense int8 weights.
  package var order: PackedOrder
  /// The zero points of the input are folded in.
  package var bias: Tensor<Int32>
  package var positive: Tensor<Float>
  package var negative: Tensor<Float>
  /// Where the output is bytes.
  package var zero: Tensor<Int8>?
  /// Where the activation is a clamp and the output int16; bytes end where their range does.
  package var limits: ChannelLimits?

  package init(
    weights: PackedWeights, order: PackedOrder = .fours, bias: Tensor<Int32>, positive: Tensor<Float>,
    negative: Tensor<Float>, zero: Tensor<Int8>? = nil, limits: ChannelLimits? = nil
  ) {
    self.weights = weights
    self.order = order
    self.bias = bias
    self.positive = positive
    self.negative = negative
    self.zero = zero
    self.limits = limits
  }
}

/// The bounds of a clamp in units of each channel's scale.
package struct ChannelLimits: Sendable {
  package var lowest: Tensor<Int16>
  package var highest: Tensor<Int16>

  package init(lowest: Tensor<Int16>, highest: Tensor<Int16>) {
    self.lowest = lowest
    self.highest = highest
  }
}

/// `q' = clamp(round(Float(q) · scale + offset))`, in two roundings; the offset holds the zero points. Where the output
/// is float, the sum itself. A BatchNorm in front of a convolution is in it.
///
/// Of a global average, q is the sum over all pixels, and `scale` that of `pixels` of them.
package struct IntegerConversion: Sendable {
  package var scale: Tensor<Float>
  package var offset: Tensor<Float>
  /// The bytes that stand for 0, where the output is bytes.
  package var zero: Tensor<Int8>?
  package var limits: ChannelLimits?
  /// 1, but for a global average.
  package var pixels: Int

  package init(
    scale: Tensor<Float>, offset: Tensor<Float>, zero: Tensor<Int8>? = nil, limits: ChannelLimits? = nil,
    pixels: Int = 1
  ) {
    self.scale = scale
    self.offset = offset
    self.zero = zero
    self.limits = limits
    self.pixels = pixels
  }
}

/// `q = clamp(base + round(Float(branch) · factor · gate))`. Base and branch are without their zero points, where they
/// have some.
package struct IntegerSum: Sendable {
  /// The branch's scale / the result's, for each channel.
  package var factor: Tensor<Float>
  /// The base's scale / the result's, where they are not the same; the base is then `round(Float(base) · ratio)`.
  package var ratio: Tensor<Float>?
  /// Where the activation is a PReLU or leaky: a sum below 0 becomes `round(Float(sum) · slope)`.
  package var slopes: Tensor<Float>?
  package var limits: ChannelLimits?
  /// What the result is worth per unit and channel; only reports need it.
  package var scale: Tensor<Float>

  package init(
    factor: Tensor<Float>, ratio: Tensor<Float>? = nil, slopes: Tensor<Float>? = nil, limits: ChannelLimits? = nil,
    scale: Tensor<Float>
  ) {
    self.factor = factor
    self.ratio = ratio
    self.slopes = slopes
    self.limits = limits
    self.scale = scale
  }
}

/// `q' = clamp(round(Float(q) · factor · gate) + zero)`, q without its zero point, where it has one.
package struct IntegerProduct: Sendable {
  /// The value's scale / the result's, for each channel.
  package var factor: Tensor<Float>
  /// Where the result is bytes.
  package var zero: Tensor<Int8>?

  package init(factor: Tensor<Float>, zero: Tensor<Int8>? = nil) {
    self.factor = factor
    self.zero = zero
  }
}

/// Squeeze-and-excitation in float, on exact integer sums: the gate, without the factor of the addition that reads it.
package struct IntegerGate: Sendable {
  /// The value's scale / `pixels` for each channel: turns an integer sum over so many pixels into a mean. For another
  /// number of pixels it is multiplied with `pixels` / that number.
  package var meanScale: Tensor<Float>
  package var pixels: Int
  /// [hidden][channel], both padded to 16.
  package var reduce: Tensor<Float>
  /// [channel][hidden], both padded to 16.
  package var expand: Tensor<Float>
  /// One for each hidden value, padded to 16, and one for each channel.
  package var biases: (reduce: Tensor<Float>, expand: Tensor<Float>)?

  package init(
    meanScale: Tensor<Float>, pixels: Int, reduce: Tensor<Float>, expand: Tensor<Float>,
    biases: (reduce: Tensor<Float>, expand: Tensor<Float>)? = nil
  ) {
    self.meanScale = meanScale
    self.pixels = pixels
    self.reduce = reduce
    self.expand = expand
    self.biases = biases
  }
}

extension QuantisedLayer {
  /// The zero points of what the node writes, where that is bytes.
  package var zero: Tensor<Int8>? {
    switch self {
    case .convolution(let layer): layer.zero
    case .conversion(let layer): layer.zero
    case .product(let layer): layer.zero
    case .sum, .gate: nil
    }
  }

  /// The largest magnitude that the input of an int16 layer may have; nil of all others.
  package var largestInput: Int? {
    guard case .convolution(let layer) = self else { return nil }
    return layer.weights.largestInput
  }
}

extension Graph<QuantisedLayer> {
  /// How every value is stored, as the layers' weights say.
  ///
  /// - Throws: as `representations(largestInput:)`.
  package func representations() throws(FaceqError) -> Representations {
    try representations { nodes[$0].layer?.largestInput }
  }
}
