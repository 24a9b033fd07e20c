/// What a node of a graph computes.
///
/// Where nothing else is said an operation reads one value. `docs/how-it-works/graph.md` has each one's formula.
package enum Operation: Sendable, Equatable {
  /// The picture. Reads nothing.
  case image(ImageFormat)
  /// Convolution, bias and activation.
  case convolution(Convolution)
  /// Transposed convolution, bias and activation. Passes replace it by a convolution and `depthToSpace`.
  case transposedConvolution(Convolution)
  /// A fully connected layer: a convolution whose kernel is the whole plane.
  case linear(Convolution)
  /// `x · scale + shift` for each channel, then the activation.
  case affine(Activation)
  /// The same values, through an activation where there is one. In a quantised graph it brings values to another form.
  case copy(Activation)
  /// `activation(base + branch)`, or with a gate `activation(base + branch · gate)`; reads base, branch and, where there
  /// is one, the gate, of extent 1 × 1 × channels.
  case add(Addition)
  /// `value · gate`; reads the value and the gate, of extent 1 × 1 × channels.
  case multiply
  /// Squeeze-and-excitation (Hu et al. 2018): `sigmoid(expand · relu(reduce · mean over pixels))` for each channel.
  case gate(ChannelGate)
  /// The maximum of each window.
  case maxPool(Pool)
  /// The mean of each window.
  case averagePool(Pool)
  /// The mean over all pixels.
  case globalAverage
  /// Every pixel becomes 2 × 2 equal ones.
  case upsample
  /// The channels of all inputs, one input's after the other's. Reads any number of values.
  case concatenate
  /// Some of the channels.
  case slice(first: Int, count: Int)
  /// Blocks of channels become pixels; what a transposed convolution ends with.
  case depthToSpace(DepthToSpace)
  /// `1 / (1 + exp(−x))` of every value. An output's matter: it reads and writes float.
  case sigmoid
  /// Softmax of each pair of neighbouring channels, 0 and 1, 2 and 3 … An output's matter.
  case softmax
  /// Divides by the Euclidean norm of all values. An output's matter.
  case normalise
}

/// Height and width, in pixels.
package struct Size: Sendable, Equatable {
  package var height: Int
  package var width: Int

  package init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }
}

/// Pixels around a plane.
package struct Padding: Sendable, Equatable {
  package var top: Int
  package var left: Int
  package var bottom: Int
  package var right: Int

  package init(_ top: Int, _ left: Int, _ bottom: Int, _ right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  package init(_ all: Int) { self.init(all, all, all, all) }

  package var isEmpty: Bool { self == Padding(0) }
}

/// A window that slides over a plane.
package struct Window: Sendable, Equatable {
  package var kernel: Size
  package var stride: Size
  package var padding: Padding

  package init(_ kernel: Size, stride: Size = Size(1, 1), padding: Padding = Padding(0)) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }
}

/// What a convolution's output channels read of its input channels.
package enum Grouping: Sendable, Equatable {
  /// All of them.
  case dense
  /// Output channel c reads input channel c; there are as many.
  case depthwise
  /// Inputs and outputs are cut into so many equal groups (at least two), and a group of outputs reads its group of
  /// inputs.
  case groups(Int)

  /// The number of groups of a convolution with so many inputs.
  package func count(inputs: Int) -> Int {
    switch self {
    case .dense: 1
    case .depthwise: inputs
    case .groups(let count): count
    }
  }
}

/// A function of single values; `v` is what the operation computed.
package enum Activation: Sendable, Equatable {
  case none
  /// `max(v, 0)`.
  case relu
  /// `v < 0 ? v · slope : v`, with one slope for all channels.
  case leaky(Float)
  /// `v < 0 ? v · slope[channel] : v`; the slopes are in the node's layer.
  case prelu
  /// `min(max(v, low), high)`.
  case clamp(Float, Float)

  /// Whether larger values never become smaller ones, whatever the slopes of a PReLU.
  package var isMonotone: Bool {
    switch self {
    case .none, .relu, .clamp: true
    case .leaky(let slope): slope >= 0
    case .prelu: false
    }
  }
}

/// A convolution, a transposed convolution or a linear layer.
///
/// Its weights are [output channel][kernel row][kernel column][input channel of the group], those of a transposed
/// convolution too, and there is a bias for each output channel. A value outside the plane counts as 0.
package struct Convolution: Sendable, Equatable {
  package var outputs: Int
  package var window: Window
  package var grouping: Grouping
  package var activation: Activation

  package init(
    outputs: Int, _ window: Window, grouping: Grouping = .dense, activation: Activation = .none
  ) {
    self.outputs = outputs
    self.window = window
    self.grouping = grouping
    self.activation = activation
  }

  /// Weights of one output channel, of a convolution with so many input channels.
  package func weightsPerOutput(inputs: Int) -> Int {
    window.kernel.height * window.kernel.width * (inputs / max(grouping.count(inputs: inputs), 1))
  }
}

/// How an addition reads an operand.
package enum Resampling: Sendable, Equatable {
  /// As it is.
  case none
  /// Every `stride`-th pixel of every `stride`-th row (PyTorch's `MaxPool2d(1, stride)`).
  case subsample(Int)
  /// Each pixel as 2 × 2 equal ones.
  case upsample
}

/// `activation(base + branch · gate)`.
package struct Addition: Sendable, Equatable {
  package var base: Resampling
  package var branch: Resampling
  /// Whether there is a third input, a gate on the branch.
  package var isGated: Bool
  package var activation: Activation

  package init(
    base: Resampling = .none, branch: Resampling = .none, isGated: Bool = false, activation: Activation = .none
  ) {
    self.base = base
    self.branch = branch
    self.isGated = isGated
    self.activation = activation
  }
}

/// Squeeze-and-excitation. Its weights are reduce [hidden][channel] and expand [channel][hidden].
package struct ChannelGate: Sendable, Equatable {
  package var hidden: Int
  /// Whether the two layers have biases.
  package var hasBiases: Bool

  package init(hidden: Int, hasBiases: Bool = false) {
    self.hidden = hidden
    self.hasBiases = hasBiases
  }
}

/// A pool over windows.
package struct Pool: Sendable, Equatable {
  package var window: Window
  /// Whether a last window that reaches beyond the padding counts, as long as it begins inside (PyTorch's `ceil_mode`).
  package var isCeil: Bool
  /// Of an average pool: whether padding counts as zeros in the mean (PyTorch's `count_include_pad`). What lies beyond
  /// the padding never does, and in a maximum padding never wins.
  package var countsPadding: Bool

  package init(_ window: Window, isCeil: Bool = false, countsPadding: Bool = false) {
    self.window = window
    self.isCeil = isCeil
    self.countsPadding = countsPadding
  }
}

/// Input channel `(row · factor + column) · C + c` of a pixel becomes channel c of the output pixel at (`row`,
/// `column`) of its `factor` × `factor` ones; then `crop` pixels are cut off on every side.
package struct DepthToSpace: Sendable, Equatable {
  package var factor: Int
  package var crop: Int

  package init(factor: Int, crop: Int = 0) {
    self.factor = factor
    self.crop = crop
  }
}

/// What the network was trained to be fed: pixels 0…255 of three channels, of which it sees `(pixel − mean) / deviation`.
public struct ImageFormat: Sendable, Equatable {
  public enum ChannelOrder: String, Sendable, CaseIterable { case bgr, rgb }

  /// The size to plan for where nobody asks for another one.
  public var height: Int
  public var width: Int
  public var channels: ChannelOrder
  /// Three each, in the order of `channels`.
  public var mean: [Float]
  public var deviation: [Float]

  public init(
    height: Int, width: Int, channels: ChannelOrder, mean: [Float] = [0, 0, 0],
    deviation: [Float] = [1, 1, 1]
  ) {
    self.height = height
    self.width = width
    self.channels = channels
    self.mean = mean
    self.deviation = deviation
  }
}
