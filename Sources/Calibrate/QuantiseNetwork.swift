import QuantRuntime

/// Turns a float network into an int8 one, with scales from the statistics of its activations.
///
/// Every channel of an int8 tensor has its own scale and zero point: the BatchNorm in front of a block (trunk → conv1) and
/// the requantisation behind conv1 (conv1 → conv2, through PReLU, which is homogeneous) bring each channel to the full int8
/// range, and the next weights take the scale back. A depthwise convolution's weights have one input channel each, so
/// their input's scale and their own become one step.
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

  /// The trunk's scales behind the stem and behind every block: one for as long as the shortcut is the identity, so that
  /// adding to the trunk is an integer addition.
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
  ///   convolution depends on one other channel only, and some fire for one face in thousands, many times as high as for
  ///   all others: with the observed range, such a face would have no usable embedding.
  private func activationScales(
    _ tap: Tap, for layer: String, including reach: [ClosedRange<Float>]? = nil
  ) -> ActivationScales {
    let statistics = statistics[tap]
    let search = recipe[layer].range
    return ActivationScales(
      (0..<statistics.channels).map { channel in
        let range = search.range(of: statistics.histogram(channel))
        guard let reach = reach?[channel] else { return range }
        return min(range.lowerBound, reach.lowerBound / 2)...max(range.upperBound, reach.upperBound / 2)
      })
  }

  private func quantiseStem(_ trunk: [Float]) -> [QuantisedConvolution] {
    // The image holds 2x − 255 for a pixel x.
    let pixels = [Float](repeating: 1 / (2 * network.input.divisor), count: 3)
    func first(_ output: QuantisedOutput) -> QuantisedConvolution {
      quantiser("stem.0").int16(network.stem[0], inputScale: pixels, largestInput: 255, storedInputs: 4, output: output)
    }
    guard network.stem.count > 1 else { return [first(.int16(trunk))] }
    let inside = activationScales(.stemBody(0), for: "stem.1")
    return [first(.int8(inside))]
      + quantise(network.stem.dropFirst(), "stem", input: inside, output: .int16(trunk)) { .stemBody($0) }
  }

  /// Convolutions one behind the other; the last one writes `output`.
  ///
  /// - Parameters:
  ///   - name: of the chain: its layers are called `NAME.INDEX`.
  ///   - tap: behind the convolution at an index of `chain`.
  private func quantise(
    _ chain: ArraySlice<ConvolutionUnit>, _ name: String, input: ActivationScales, output: QuantisedOutput,
    tap: (Int) -> Tap
  ) -> [QuantisedConvolution] {
    var input = input
    return chain.indices.map { index in
      let (unit, layer) = (chain[index], quantiser("\(name).\(index)"))
      guard index < chain.endIndex - 1 else { return layer.int8(unit, input: input, output: output) }
      let inside = activationScales(
        tap(index), for: "\(name).\(index + 1)",
        including: unit.geometry.isDepthwise ? unit.depthwiseReach(from: input) : nil)
      defer { input = inside }
      return layer.int8(unit, input: input, output: .int8(inside))
    }
  }

  private func quantiser(_ layer: String) -> ConvolutionQuantiser {
    ConvolutionQuantiser(rounding: recipe[layer].rounding)
  }

  private func quantise(_ block: ResidualBlock, _ index: Int, trunk: [Float], newTrunk: [Float]) -> QuantisedBlock {
    let name = "blocks.\(index)"
    let input = activationScales(.blockInput(index), for: "\(name).body.0")
    let branchScale = int16Scales(magnitudes(.branch(index)))
    let pixels = Float(branchPixels(index))
    return QuantisedBlock(
      input: trunkQuantiser(block.input, trunk: trunk, output: input),
      body: quantise(block.body[...], "\(name).body", input: input, output: .int16(branchScale)) {
        .body(block: index, convolution: $0)
      },
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
    let head = network.head
    let input = activationScales(.headInput, for: "head")
    let trunkOutput = network.tail.isEmpty ? input : activationScales(.tailInput, for: "tail.0")
    let linear = ConvolutionUnit(
      geometry: ConvolutionGeometry(
        inputChannels: head.inputChannels, outputChannels: head.embeddingSize, kernelHeight: head.inputHeight,
        kernelWidth: head.inputWidth),
      weights: head.weights, bias: head.bias)
    return QuantisedHead(
      input: trunkQuantiser(head.input, trunk: trunk, output: trunkOutput),
      body: quantise(network.tail[...], "tail", input: trunkOutput, output: .int8(input)) { .tail($0) },
      linear: quantiser("head").int8(linear, input: input, output: .float))
  }

  /// BatchNorm, trunk scale and int8 scale in one multiplication and one addition per channel.
  private func trunkQuantiser(_ affine: ChannelAffine?, trunk: [Float], output: ActivationScales) -> TrunkQuantiser {
    let scale = trunk.indices.map { (affine?.scale[$0] ?? 1) * trunk[$0] / output.scale[$0] }
    let offset = trunk.indices.map { (affine?.shift[$0] ?? 0) / output.scale[$0] + Float(output.zero[$0]) }
    return TrunkQuantiser(
      scale: Tensor(padded(scale, with: 0)), offset: Tensor(padded(offset, with: 0)),
      zero: Tensor(padded(output.zero, with: 0)))
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
