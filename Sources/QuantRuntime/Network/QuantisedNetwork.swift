import SIMDKernels

/// A network after calibration: what the int8 engine runs and an int8 model file holds.
///
/// Channel counts of every tensor are padded to a multiple of 16 with zeros (`paddedChannels`); weights are packed
/// [block of 16 output channels][kernel row][step][16][4 bytes], depthwise ones [kernel row][kernel column][channel],
/// ready for every instruction set; those of dense int8 convolutions may be in another `packedOrder`.
public struct QuantisedNetwork: Sendable {
  public var input: InputFormat
  /// The first reads the image, int16; the last writes the trunk, int16.
  public var stem: [QuantisedConvolution]
  public var blocks: [QuantisedBlock]
  public var head: QuantisedHead
  /// Of the weights of dense int8 convolutions.
  public var packedOrder: PackedOrder

  public init(
    input: InputFormat, stem: [QuantisedConvolution], blocks: [QuantisedBlock], head: QuantisedHead,
    packedOrder: PackedOrder = .fours
  ) {
    self.input = input
    self.stem = stem
    self.blocks = blocks
    self.head = head
    self.packedOrder = packedOrder
  }
}

/// Channels as they are stored: a multiple of 16.
public func paddedChannels(_ channels: Int) -> Int { (channels + 15) / 16 * 16 }

/// Integer convolution with the requantisation behind it.
public struct QuantisedConvolution: Sendable {
  public var geometry: ConvolutionGeometry
  public var weights: PackedWeights
  /// Added to the int32 sums; zero points of the input are folded in.
  public var bias: Tensor<Int32>
  /// Multiplier where sum + bias ≥ 0, and where it is negative (PReLU).
  public var positive: Tensor<Float>
  public var negative: Tensor<Float>
  /// Zero points (−128…127) of an int8 output, or nil: the output is int16 or float (embedding).
  public var outputZero: Tensor<Int8>?

  /// The largest magnitude that an int16 input may have; nil where the input is int8.
  public var largestInput: Int? {
    weights.largestInput
  }

  public init(
    geometry: ConvolutionGeometry, weights: PackedWeights, bias: Tensor<Int32>, positive: Tensor<Float>,
    negative: Tensor<Float>, outputZero: Tensor<Int8>?
  ) {
    self.geometry = geometry
    self.weights = weights
    self.bias = bias
    self.positive = positive
    self.negative = negative
    self.outputZero = outputZero
  }
}

/// Trunk (int16) → int8, or int16 for a convolution that reads it: `q = clamp(round(t · scale + offset))`.
public struct TrunkQuantiser: Sendable {
  public var scale: Tensor<Float>
  public var offset: Tensor<Float>
  /// The bytes that stand for 0 in the border; nil where the output is int16, of which 0 is 0.
  public var zero: Tensor<Int8>?

  public init(scale: Tensor<Float>, offset: Tensor<Float>, zero: Tensor<Int8>?) {
    self.scale = scale
    self.offset = offset
    self.zero = zero
  }
}

/// Squeeze-and-excitation in float, on exact integer sums.
public struct QuantisedSqueezeExcite: Sendable {
  /// Branch scale / number of pixels, per channel: turns an integer sum into a mean.
  public var meanScale: Tensor<Float>
  /// [hidden][channel], both padded to 16.
  public var reduce: Tensor<Float>
  /// [channel][hidden], both padded to 16.
  public var expand: Tensor<Float>
  public var hidden: Int

  public init(meanScale: Tensor<Float>, reduce: Tensor<Float>, expand: Tensor<Float>, hidden: Int) {
    self.meanScale = meanScale
    self.reduce = reduce
    self.expand = expand
    self.hidden = hidden
  }
}

public enum QuantisedShortcut: Sendable {
  case none
  case identity
  /// With the ratio of the old trunk's scale to the new one's, per channel.
  case subsample(stride: Int, ratio: Tensor<Float>)
  case convolution(QuantisedConvolution)
}

public struct QuantisedBlock: Sendable {
  public var input: TrunkQuantiser
  public var body: [QuantisedConvolution]
  public var squeezeExcite: QuantisedSqueezeExcite?
  /// Branch scale / trunk scale per channel: what the branch is multiplied with (and with SE's gate) when it is added.
  public var gate: Tensor<Float>
  public var shortcut: QuantisedShortcut
  /// The trunk behind this block is worth `trunkScale` per unit and channel; only reports need it.
  public var trunkScale: Tensor<Float>

  public init(
    input: TrunkQuantiser, body: [QuantisedConvolution], squeezeExcite: QuantisedSqueezeExcite?, gate: Tensor<Float>,
    shortcut: QuantisedShortcut, trunkScale: Tensor<Float>
  ) {
    self.input = input
    self.body = body
    self.squeezeExcite = squeezeExcite
    self.gate = gate
    self.shortcut = shortcut
    self.trunkScale = trunkScale
  }
}

public struct QuantisedHead: Sendable {
  public var input: TrunkQuantiser
  /// Convolutions in front of the linear layer.
  public var body: [QuantisedConvolution]
  /// The linear layer as a convolution whose kernel is the whole image.
  public var linear: QuantisedConvolution

  public init(input: TrunkQuantiser, body: [QuantisedConvolution] = [], linear: QuantisedConvolution) {
    self.input = input
    self.body = body
    self.linear = linear
  }

  public var embeddingSize: Int { linear.geometry.outputChannels }
}
