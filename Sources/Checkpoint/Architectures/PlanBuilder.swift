import QuantRuntime

/// Writes down an embedding network of residual blocks, in the order of the data's flow. Nodes are called as model files
/// call their tensors: `stem.0`, `blocks.3.body.1`, `head`.
struct PlanBuilder {
  private var builder = GraphBuilder<PlannedLayer>()
  /// Channels of every value.
  private var widths = [3]
  /// What the next layer reads.
  private var value: Int
  private var stemCount = 0
  private var blockCount = 0
  private var tailCount = 0

  init(_ image: ImageFormat) { value = builder.add("", .image(image)) }

  mutating func stem(_ convolution: Convolution, _ layer: PlannedConvolution) {
    value = add("stem.\(stemCount)", convolution, layer, value)
    stemCount += 1
  }

  /// What a block adds its branch to.
  enum Base {
    /// Nothing: what the block computes is what follows.
    case nothing
    /// What the block reads, or every `stride`-th pixel of it.
    case input(stride: Int)
    case projection(Convolution, PlannedConvolution)
  }

  /// A block: BatchNorm, convolutions, squeeze-and-excitation, and an addition.
  mutating func block(
    norm: String? = nil, _ body: [(convolution: Convolution, layer: PlannedConvolution)],
    gate: (hidden: Int, reduce: String, expand: String)? = nil, base: Base
  ) {
    let name = "blocks.\(blockCount)"
    blockCount += 1
    var branch = value
    if let norm { branch = add(name + ".input", .affine(.none), [value], .norm(norm)) }
    for (index, unit) in body.enumerated() {
      branch = add("\(name).body.\(index)", unit.convolution, unit.layer, branch)
    }
    var gates: [Int] = []
    if let gate {
      gates = [
        add(
          name + ".se", .gate(ChannelGate(hidden: gate.hidden)), [branch],
          .gate(reduce: gate.reduce, expand: gate.expand))
      ]
    }
    var addition = Addition(isGated: gate != nil)
    switch base {
    case .nothing:
      value = gates.isEmpty ? branch : add(name, .multiply, [branch] + gates)
      return
    case .input(let stride): addition.base = stride == 1 ? .none : .subsample(stride)
    case .projection(let convolution, let layer): value = add(name + ".shortcut", convolution, layer, value)
    }
    value = add(name, .add(addition), [value, branch] + gates)
  }

  mutating func tail(_ convolution: Convolution, _ layer: PlannedConvolution) {
    value = add("tail.\(tailCount)", convolution, layer, value)
    tailCount += 1
  }

  /// The linear layer over all that is left of the picture, with the BatchNorm before it.
  mutating func head(norm: String? = nil, _ kernel: Size, outputs: Int, _ layer: PlannedConvolution) -> Graph<
    PlannedLayer
  > {
    if let norm { value = add("head.input", .affine(.none), [value], .norm(norm)) }
    value = add("head", .linear(Convolution(outputs: outputs, Window(kernel))), [value], .convolution(layer))
    value = add("embedding", .normalise, [value])
    return builder.graph(outputs: [value])
  }

  private mutating func add(
    _ name: String, _ convolution: Convolution, _ layer: PlannedConvolution, _ input: Int
  ) -> Int {
    var convolution = convolution
    if layer.slopes != nil { convolution.activation = .prelu }
    return add(name, .convolution(convolution), [input], .convolution(layer))
  }

  private mutating func add(
    _ name: String, _ operation: Operation, _ inputs: [Int], _ tensors: PlannedLayer.Tensors? = nil
  ) -> Int {
    let width = widths[inputs[0]]
    switch operation {
    case .convolution(let convolution), .linear(let convolution): widths.append(convolution.outputs)
    default: widths.append(width)
    }
    return builder.add(name, operation, inputs, layer: tensors.map { PlannedLayer(tensors: $0, inputs: width) })
  }
}

extension Convolution {
  /// 3×3, padded so that stride 1 keeps the resolution.
  static func square3(_ outputs: Int, stride: Int = 1) -> Convolution {
    Convolution(outputs: outputs, Window(Size(3, 3), stride: Size(stride, stride), padding: Padding(1)))
  }

  static func pointwise(_ outputs: Int, stride: Int = 1) -> Convolution {
    Convolution(outputs: outputs, Window(Size(1, 1), stride: Size(stride, stride)))
  }

  static func depthwise(
    _ channels: Int, kernel: Size = Size(3, 3), stride: Int = 1, padding: Int = 1
  ) -> Convolution {
    Convolution(
      outputs: channels, Window(kernel, stride: Size(stride, stride), padding: Padding(padding)), grouping: .depthwise)
  }
}

extension ImageFormat {
  /// `(pixel − 127.5) / divisor`: 127.5 maps pixels onto [−1, 1]; some networks were trained with 128.
  static func centred(
    height: Int = 112, width: Int = 112, channels: ChannelOrder, divisor: Float = 127.5
  ) -> ImageFormat {
    ImageFormat(
      height: height, width: width, channels: channels, mean: [127.5, 127.5, 127.5],
      deviation: [divisor, divisor, divisor])
  }
}
