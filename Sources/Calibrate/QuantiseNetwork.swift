import QuantRuntime

/// Turns a float network into an int8 one, with scales from the statistics of its activations.
///
/// Every channel of an int8 tensor has its own scale and zero point: the BatchNorm in front of a block (trunk → conv1)
/// and the requantisation behind conv1 (conv1 → conv2, through PReLU, which is homogeneous) bring each channel to the
/// full int8 range, and the next weights take the scale back. A depthwise convolution's weights have one input channel
/// each, so their input's scale and their own become one step.
public struct NetworkQuantiser {
  private let network: Network
  private let statistics: ActivationStatistics
  private let recipe: CalibrationRecipe

  public init(_ network: Network, _ statistics: ActivationStatistics, _ recipe: CalibrationRecipe) {
    self.network = network
    self.statistics = statistics
    self.recipe = recipe
  }

  /// - Throws: where the network has layers that int8 does not cover.
  public func quantise() throws(FaceqError) -> QuantisedNetwork {
    for block in network.blocks {
      if case .convolution(let unit) = block.shortcut, unit.geometry.isDepthwise {
        throw FaceqError("int8 covers networks whose shortcuts are not depthwise convolutions")
      }
    }
    let trunkScales = trunkScales()
    var blocks: [QuantisedBlock] = []
    for (index, block) in network.blocks.enumerated() {
      blocks.append(quantise(block, index, trunk: trunkScales[index], newTrunk: trunkScales[index + 1]))
    }
    return QuantisedNetwork(
      input: network.input, stem: quantiseStem(trunkScales[0]), blocks: blocks,
      head: quantiseHead(trunkScales[blocks.count]))
  }

  /// The trunk's scales behind the stem and behind every block: one for as long as the shortcut is the identity, so
  /// that adding to the trunk is an integer addition.
  private func trunkScales() -> [[Float]] {
    var magnitudes = [magnitudes(.stem)] + network.blocks.indices.map { self.magnitudes(.trunk($0)) }
    for index in network.blocks.indices.reversed() {
      if case .identity = network.blocks[index].shortcut {
        magnitudes[index] = zip(magnitudes[index], magnitudes[index + 1]).map { max($0, $1) }
      }
    }
    for index in network.blocks.indices {
      if case .identity = network.blocks[index].shortcut { magnitudes[index + 1] = magnitudes[index] }
    }
    return magnitudes.map(int16Scales)
  }

  private func magnitudes(_ tap: Tap) -> [Float] {
    let extremes = statistics[tap]
    return zip(extremes.minimum, extremes.maximum).map { max(abs($0), abs($1)) }
  }

  /// Of what `layer` reads.
  ///
  /// - Parameter reach: of each channel; half of it is represented whatever was observed. A channel of a depthwise
  ///   convolution depends on one other channel only, and some fire for one face in thousands, many times as high as
  ///   for all others: with the observed range, such a face would have no usable embedding.
  private func input(
    of layer: String, _ geometry: ConvolutionGeometry, at tap: Tap, including reach: [ClosedRange<Float>]? = nil
  ) -> QuantisedInput {
    let statistics = statistics[tap]
    let choice = recipe[layer]
    let ranges = (0..<statistics.channels).map { channel in
      let range = choice.range.range(of: statistics.histogram(channel))
      guard let reach = reach?[channel] else { return range }
      return min(range.lowerBound, reach.lowerBound / 2)...max(range.upperBound, reach.upperBound / 2)
    }
    switch choice.precision {
    case .int8: return .int8(ActivationScales(ranges))
    case .int16:
      let largest = largestInt16Input(of: geometry)
      let scale = ranges.map { range in
        let magnitude = max(abs(range.lowerBound), abs(range.upperBound))
        return magnitude > 0 ? magnitude / Float(largest) : 1
      }
      return .int16(scale: scale, largest: largest)
    }
  }

  private func quantiseStem(_ trunk: [Float]) -> [QuantisedConvolution] {
    // The image holds 2x − 255 for a pixel x.
    let pixels = [Float](repeating: 1 / (2 * network.input.divisor), count: 3)
    func first(_ output: QuantisedOutput) -> QuantisedConvolution {
      quantiser("stem.0").int16(network.stem[0], inputScale: pixels, largestInput: 255, storedInputs: 4, output: output)
    }
    let rest = stemLayers(trunk)
    guard let second = rest.first else { return [first(.int16(trunk))] }
    return [first(second.input.asOutput)] + rest.map(quantise)
  }

  private func quantise(_ layer: LayerScales) -> QuantisedConvolution {
    ConvolutionQuantiser(rounding: layer.rounding).quantise(layer.unit, input: layer.input, output: layer.output)
  }

  /// All convolutions whose precision can be chosen, in the network's order.
  func layers() -> [LayerScales] {
    stemLayers(trunkScales()[0]) + network.blocks.indices.flatMap { bodyLayers($0) } + tailLayers() + [linearLayer()]
  }

  private func stemLayers(_ trunk: [Float]) -> [LayerScales] {
    guard network.stem.count > 1 else { return [] }
    return layers(
      network.stem.dropFirst(), "stem", tap: .stemBody(0), output: .int16(trunk), inside: { .stemBody($0) },
      position: { .stem($0) })
  }

  private func bodyLayers(_ block: Int) -> [LayerScales] {
    layers(
      network.blocks[block].body[...], "blocks.\(block).body", tap: .blockInput(block),
      output: .int16(branchScale(block)), inside: { .body(block: block, convolution: $0) },
      position: { .body(block: block, convolution: $0) })
  }

  private func tailLayers() -> [LayerScales] {
    guard !network.tail.isEmpty else { return [] }
    return layers(
      network.tail[...], "tail", tap: .tailInput, output: linearLayer().input.asOutput, inside: { .tail($0) },
      position: { .tail($0) })
  }

  private func linearLayer() -> LayerScales {
    let linear = network.head.linear
    return LayerScales(
      name: "head", position: .linear, tap: .headInput, unit: linear,
      input: input(of: "head", linear.geometry, at: .headInput), output: .float, rounding: recipe["head"].rounding)
  }

  /// Convolutions one behind the other; the last one writes `output`.
  ///
  /// - Parameters:
  ///   - name: of the chain: its layers are called `NAME.INDEX`.
  ///   - tap: in front of the first one.
  ///   - inside: behind the convolution at an index of `chain`.
  private func layers(
    _ chain: ArraySlice<ConvolutionUnit>, _ name: String, tap: Tap, output: QuantisedOutput, inside: (Int) -> Tap,
    position: (Int) -> LayerPosition
  ) -> [LayerScales] {
    var layers: [LayerScales] = []
    var tap = tap
    var read = input(of: "\(name).\(chain.startIndex)", chain[chain.startIndex].geometry, at: tap)
    for index in chain.indices {
      let unit = chain[index]
      let layerName = "\(name).\(index)"
      var layer = LayerScales(
        name: layerName, position: position(index), tap: tap, unit: unit, input: read, output: output,
        rounding: recipe[layerName].rounding)
      if index < chain.endIndex - 1 {
        tap = inside(index)
        read = input(
          of: "\(name).\(index + 1)", chain[index + 1].geometry, at: tap,
          including: unit.geometry.isDepthwise ? unit.depthwiseReach(from: read.ranges) : nil)
        layer.output = read.asOutput
      }
      layers.append(layer)
    }
    return layers
  }

  private func branchScale(_ block: Int) -> [Float] { int16Scales(magnitudes(.branch(block))) }

  private func quantiser(_ layer: String) -> ConvolutionQuantiser {
    ConvolutionQuantiser(rounding: recipe[layer].rounding)
  }

  private func quantise(_ block: ResidualBlock, _ index: Int, trunk: [Float], newTrunk: [Float]) -> QuantisedBlock {
    let name = "blocks.\(index)"
    let layers = bodyLayers(index)
    let branchScale = branchScale(index)
    let pixels = Float(branchPixels(index))
    return QuantisedBlock(
      input: trunkQuantiser(block.input, trunk: trunk, output: layers[0].input),
      body: layers.map(quantise),
      squeezeExcite: block.squeezeExcite.map { squeezeExcite in
        QuantisedSqueezeExcite(
          meanScale: Tensor(padded(branchScale.map { $0 / pixels }, with: 0)),
          reduce: Tensor(
            paddedMatrix(squeezeExcite.reduce, rows: squeezeExcite.hidden, columns: branchScale.count)),
          expand: Tensor(
            paddedMatrix(squeezeExcite.expand, rows: branchScale.count, columns: squeezeExcite.hidden)),
          hidden: squeezeExcite.hidden)
      },
      gate: Tensor(padded(zip(branchScale, newTrunk).map { $0 / $1 }, with: 0)),
      shortcut: quantise(block.shortcut, "\(name).shortcut", trunk: trunk, newTrunk: newTrunk),
      trunkScale: Tensor(padded(newTrunk, with: 0)))
  }

  private func quantise(
    _ shortcut: Shortcut, _ name: String, trunk: [Float], newTrunk: [Float]
  ) -> QuantisedShortcut {
    switch shortcut {
    case .none: .none
    case .identity: .identity
    case .subsample(let stride):
      .subsample(stride: stride, ratio: Tensor(padded(zip(trunk, newTrunk).map { $0 / $1 }, with: 0)))
    case .convolution(let unit):
      .convolution(
        quantiser(name).int16(
          unit, inputScale: trunk, largestInput: 32768, storedInputs: paddedChannels(unit.geometry.inputChannels),
          output: .int16(newTrunk)))
    }
  }

  private func quantiseHead(_ trunk: [Float]) -> QuantisedHead {
    let (tail, linear) = (tailLayers(), linearLayer())
    return QuantisedHead(
      input: trunkQuantiser(network.head.input, trunk: trunk, output: tail.first?.input ?? linear.input),
      body: tail.map(quantise), linear: quantise(linear))
  }

  /// BatchNorm, trunk scale and the output's scale in one multiplication and one addition per channel.
  private func trunkQuantiser(_ affine: ChannelAffine?, trunk: [Float], output: QuantisedInput) -> TrunkQuantiser {
    let (outputScale, zero): ([Float], [Int8]?) =
      switch output {
      case .int8(let scales): (scales.scale, scales.zero)
      case .int16(let scale, _): (scale, nil)
      }
    let scale = trunk.indices.map { (affine?.scale[$0] ?? 1) * trunk[$0] / outputScale[$0] }
    let offset = trunk.indices.map { (affine?.shift[$0] ?? 0) / outputScale[$0] + Float(zero?[$0] ?? 0) }
    return TrunkQuantiser(
      scale: Tensor(padded(scale, with: 0)), offset: Tensor(padded(offset, with: 0)),
      zero: zero.map { Tensor(padded($0, with: 0)) })
  }

  /// Pixels of a block's branch.
  private func branchPixels(_ index: Int) -> Int {
    var (height, width) = (network.input.height, network.input.width)
    func apply(_ geometry: ConvolutionGeometry) {
      (height, width) = (geometry.outputHeight(height), geometry.outputWidth(width))
    }
    for unit in network.stem { apply(unit.geometry) }
    for block in network.blocks[...index] { for unit in block.body { apply(unit.geometry) } }
    return height * width
  }
}
