// From the fixed form of networks to graphs, for as long as there are readers of the former.

extension Graph<FloatLayer> {
  /// The graph of a float network, with copies where the quantised one converts the trunk.
  package init(_ network: Network) {
    func layer(_ unit: ConvolutionUnit) -> FloatLayer {
      .convolution(weights: unit.weights, bias: unit.bias, slopes: unit.slopes)
    }
    func affine(_ affine: ChannelAffine?) -> FloatLayer? {
      affine.map { .affine(scale: $0.scale, shift: $0.shift, slopes: nil) }
    }
    self.init(network.geometry) { part in
      switch part {
      case .stem(let index): return layer(network.stem[index])
      case .blockInput(let block): return affine(network.blocks[block].input)
      case .body(let block, let index): return layer(network.blocks[block].body[index])
      case .gate(let block):
        return network.blocks[block].squeezeExcite.map {
          .gate(reduce: $0.reduce, expand: $0.expand, reduceBias: nil, expandBias: nil)
        }
      case .shortcut(let block):
        guard case .convolution(let unit) = network.blocks[block].shortcut else { return nil }
        return layer(unit)
      case .sum: return nil
      case .tail(let index): return layer(network.tail[index])
      case .headInput: return affine(network.head.input)
      case .linear: return .convolution(weights: network.head.weights, bias: network.head.bias, slopes: nil)
      }
    } hasSlopes: {
      $0.slopes != nil
    }
  }

  /// One of a face detector's networks. It is fed pixels that were averaged, which need not be whole numbers.
  package init(_ network: DetectorNetwork, _ weights: DetectorWeights) {
    var builder = GraphBuilder<FloatLayer>()
    let side =
      switch network {
      case .proposal: 12
      case .refinement: 24
      case .output: 48
      }
    let format = ImageFormat(
      height: side, width: side, channels: .rgb, mean: [127.5, 127.5, 127.5], deviation: [128, 128, 128])
    var value = builder.add("", .image(format))
    for (index, unit) in weights.units(network).enumerated() {
      value = builder.add(
        "\(network.rawValue).\(index)",
        .convolution(Convolution(unit.geometry, activation: unit.slopes == nil ? .none : .prelu)), [value],
        layer: .convolution(weights: unit.weights, bias: unit.bias, slopes: unit.slopes))
      guard index < network.pools.count else { continue }
      let size = network.pools[index]
      let pool = Pool(Window(Size(size, size), stride: Size(2, 2)), isCeil: true)
      value = builder.add("", .maxPool(pool), [value])
    }
    self.init(nodes: builder.nodes, outputs: [value])
  }
}

/// A place of the fixed form that has numbers.
enum NetworkPart {
  case stem(Int)
  case blockInput(Int)
  case body(block: Int, Int)
  case gate(Int)
  case shortcut(Int)
  case sum(Int)
  case tail(Int)
  case headInput
  case linear
}

extension Graph {
  /// - Parameters:
  ///   - layer: the numbers of a part, where it has some.
  ///   - hasSlopes: whether a convolution's layer has slopes.
  init(_ network: NetworkGeometry, layer: (NetworkPart) -> Layer?, hasSlopes: (Layer) -> Bool) {
    var builder = GraphBuilder<Layer>()
    func convolution(_ name: String, _ geometry: ConvolutionGeometry, _ part: NetworkPart, _ input: Int) -> Int {
      let layer = layer(part)
      let activation: Activation = layer.map(hasSlopes) ?? false ? .prelu : .none
      let convolution = Convolution(geometry, activation: activation)
      if case .linear = part { return builder.add(name, .linear(convolution), [input], layer: layer) }
      return builder.add(name, .convolution(convolution), [input], layer: layer)
    }
    func conversion(_ name: String, _ part: NetworkPart, _ input: Int) -> Int {
      let layer = layer(part)
      return builder.add(name, layer == nil ? .copy(.none) : .affine(.none), [input], layer: layer)
    }

    let divisor = network.input.divisor
    var trunk = builder.add(
      "",
      .image(
        ImageFormat(
          height: network.input.height, width: network.input.width, channels: network.input.channels,
          mean: [127.5, 127.5, 127.5], deviation: [divisor, divisor, divisor])))
    for (index, geometry) in network.stem.enumerated() {
      trunk = convolution("stem.\(index)", geometry, .stem(index), trunk)
    }
    for (block, content) in network.blocks.enumerated() {
      let name = "blocks.\(block)"
      var branch = conversion(name + ".input", .blockInput(block), trunk)
      for (index, geometry) in content.body.enumerated() {
        branch = convolution("\(name).body.\(index)", geometry, .body(block: block, index), branch)
      }
      var gate: Int?
      if let hidden = content.squeezeExciteHidden {
        gate = builder.add(name + ".se", .gate(ChannelGate(hidden: hidden)), [branch], layer: layer(.gate(block)))
      }
      var addition = Addition(isGated: gate != nil)
      switch content.shortcut {
      case .none:
        let inputs = [branch] + (gate.map { [$0] } ?? [])
        trunk = builder.add(name, gate == nil ? .copy(.none) : .multiply, inputs, layer: layer(.sum(block)))
        continue
      case .identity: break
      case .subsample(let stride): addition.base = .subsample(stride)
      case .convolution(let geometry):
        trunk = convolution(name + ".shortcut", geometry, .shortcut(block), trunk)
      }
      let inputs = [trunk, branch] + (gate.map { [$0] } ?? [])
      trunk = builder.add(name, .add(addition), inputs, layer: layer(.sum(block)))
    }
    var features = conversion("head.input", .headInput, trunk)
    for (index, geometry) in network.tail.enumerated() {
      features = convolution("tail.\(index)", geometry, .tail(index), features)
    }
    features = convolution("head", network.linear, .linear, features)
    let embedding = builder.add("embedding", .normalise, [features])
    self.init(nodes: builder.nodes, outputs: [embedding])
  }
}

extension Convolution {
  package init(_ geometry: ConvolutionGeometry, activation: Activation) {
    self.init(
      outputs: geometry.outputChannels,
      Window(
        Size(geometry.kernelHeight, geometry.kernelWidth), stride: Size(geometry.stride, geometry.stride),
        padding: Padding(geometry.padding)),
      grouping: geometry.isDepthwise ? .depthwise : .dense, activation: activation)
  }
}
