/// A face-embedding network in float, in the one form that every supported architecture is brought into.
///
/// Data flows `stem → blocks → tail → head`. Between blocks runs the *trunk*, the residual sum that each block adds to.
/// BatchNorm behind a convolution is already folded into it; BatchNorm in front of a convolution stays (`input`),
/// because the convolution's zero padding comes after it.
public struct Network: Sendable, Equatable {
  public var input: InputFormat
  public var stem: [ConvolutionUnit]
  public var blocks: [ResidualBlock]
  /// Convolutions behind the last block (MobileFaceNet has them, IR-SE does not).
  public var tail: [ConvolutionUnit]
  public var head: EmbeddingHead

  public init(
    input: InputFormat, stem: [ConvolutionUnit], blocks: [ResidualBlock], tail: [ConvolutionUnit] = [],
    head: EmbeddingHead
  ) {
    self.input = input
    self.stem = stem
    self.blocks = blocks
    self.tail = tail
    self.head = head
  }
}

/// What the network was trained to be fed: `(pixel − 127.5) / divisor` for pixels 0…255, channels in `channels` order.
public struct InputFormat: Sendable, Equatable {
  public enum ChannelOrder: String, Sendable, CaseIterable { case bgr, rgb }

  public var height: Int
  public var width: Int
  public var channels: ChannelOrder
  /// 127.5 maps pixels onto [−1, 1]; some networks were trained with 128.
  public var divisor: Float

  public init(height: Int = 112, width: Int = 112, channels: ChannelOrder, divisor: Float = 127.5) {
    self.height = height
    self.width = width
    self.channels = channels
    self.divisor = divisor
  }
}

/// `y[c] = x[c] · scale[c] + shift[c]`: a BatchNorm with its statistics frozen.
public struct ChannelAffine: Sendable, Equatable {
  public var scale: [Float]
  public var shift: [Float]

  public init(scale: [Float], shift: [Float]) {
    self.scale = scale
    self.shift = shift
  }
}

/// The shape of a convolution: zero padding of `padding` pixels on every side.
public struct ConvolutionGeometry: Sendable, Equatable {
  public var inputChannels: Int
  public var outputChannels: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var stride: Int
  public var padding: Int
  /// 1 (dense) or `inputChannels` (depthwise, with as many output channels).
  public var groups: Int

  public init(
    inputChannels: Int, outputChannels: Int, kernelHeight: Int, kernelWidth: Int, stride: Int = 1, padding: Int = 0,
    groups: Int = 1
  ) {
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
    self.groups = groups
  }

  public var isDepthwise: Bool { groups > 1 }
  /// Of these Winograd computes some strides.
  var isDense3x3: Bool { kernelHeight == 3 && kernelWidth == 3 && !isDepthwise }

  /// Weights of one output channel: kernel height × kernel width × input channels of its group.
  public var weightsPerOutput: Int { kernelHeight * kernelWidth * (inputChannels / groups) }

  public func outputHeight(_ height: Int) -> Int { (height + 2 * padding - kernelHeight) / stride + 1 }
  public func outputWidth(_ width: Int) -> Int { (width + 2 * padding - kernelWidth) / stride + 1 }
}

/// Convolution, bias and, where there are `slopes`, PReLU: `v < 0 ? v · slope[c] : v`.
public struct ConvolutionUnit: Sendable, Equatable {
  public var geometry: ConvolutionGeometry
  /// [output channel][kernel row][kernel column][input channel of the group], row-major.
  public var weights: [Float]
  /// One per output channel.
  public var bias: [Float]
  /// One per output channel, or nil where no PReLU follows.
  public var slopes: [Float]?

  public init(geometry: ConvolutionGeometry, weights: [Float], bias: [Float], slopes: [Float]? = nil) {
    self.geometry = geometry
    self.weights = weights
    self.bias = bias
    self.slopes = slopes
  }
}

/// Squeeze-and-excitation (Hu et al. 2018): `gate = sigmoid(expand · relu(reduce · mean over pixels))` per channel.
public struct SqueezeExcite: Sendable, Equatable {
  /// [hidden][channel], row-major.
  public var reduce: [Float]
  /// [channel][hidden], row-major.
  public var expand: [Float]
  public var hidden: Int

  public init(reduce: [Float], expand: [Float], hidden: Int) {
    self.reduce = reduce
    self.expand = expand
    self.hidden = hidden
  }
}

/// What a block adds its branch to.
public enum Shortcut: Sendable, Equatable {
  /// Nothing: the branch becomes the trunk (a linear bottleneck that changes width or resolution).
  case none
  case identity
  /// Every `stride`-th pixel of every `stride`-th row (PyTorch's `MaxPool2d(1, stride)`).
  case subsample(stride: Int)
  case convolution(ConvolutionUnit)
}

/// `trunk = shortcut(trunk) + gate · body(input(trunk))`.
public struct ResidualBlock: Sendable, Equatable {
  /// The BatchNorm in front of the first convolution, where there is one.
  public var input: ChannelAffine?
  public var body: [ConvolutionUnit]
  public var squeezeExcite: SqueezeExcite?
  public var shortcut: Shortcut

  public init(
    input: ChannelAffine? = nil, body: [ConvolutionUnit], squeezeExcite: SqueezeExcite? = nil, shortcut: Shortcut
  ) {
    self.input = input
    self.body = body
    self.squeezeExcite = squeezeExcite
    self.shortcut = shortcut
  }
}

/// BatchNorm, flatten, linear layer (its own BatchNorm folded in), L2 norm.
public struct EmbeddingHead: Sendable, Equatable {
  public var input: ChannelAffine?
  public var inputHeight: Int
  public var inputWidth: Int
  public var inputChannels: Int
  /// [embedding component][row][column][channel], row-major: flattened as the runtime stores pixels (H, W, C), whatever
  /// order the checkpoint flattened in.
  public var weights: [Float]
  /// One per embedding component; its count is the embedding size.
  public var bias: [Float]

  public init(
    input: ChannelAffine?, inputHeight: Int, inputWidth: Int, inputChannels: Int, weights: [Float], bias: [Float]
  ) {
    self.input = input
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.weights = weights
    self.bias = bias
  }

  public var embeddingSize: Int { bias.count }
}
