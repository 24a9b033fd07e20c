import SIMDKernels

/// The steps of an `Int8Program`, laid out for one session's threads on its arena.
struct Int8Plan {
  private(set) var steps: [Int8Step] = []
  /// What each step computes.
  private(set) var layers: [LayerDescription] = []
  let embedding: UnsafeMutablePointer<Float>
  /// Components of the embedding, padded to 16.
  let embeddingCount: Int

  let arena: Arena
  let kernels: KernelTable
  let threads: ThreadPlan
  let winograd: WinogradChoice
  /// The distinct shapes of the convolutions that Winograd can compute, in the network's order.
  var winogradShapes: [WinogradShape] = []
  private let observing: Bool
  /// Numbers as this instruction set wants them; kept for the steps that point to them.
  private var biases: [Tensor<Int32>] = []
  private var borders: [Tensor<Int8>] = []

  init(
    _ network: QuantisedNetwork, _ arena: Arena, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice,
    observing: Bool
  ) {
    self.arena = arena
    self.kernels = kernels
    self.threads = threads
    self.winograd = winograd
    self.observing = observing
    embeddingCount = paddedChannels(network.head.embeddingSize)
    embedding = arena.buffer(.embedding, count: embeddingCount, of: Float.self)
    var trunk = addStem(network.stem, network.input)
    for (index, block) in network.blocks.enumerated() { trunk = add(block, index: index, trunk: trunk) }
    add(network.head, trunk)
  }

  mutating func append(_ step: Int8Step, _ layer: LayerDescription) {
    steps.append(step)
    layers.append(layer)
  }

  private mutating func addStem(_ stem: [QuantisedConvolution], _ format: InputFormat) -> Plane<Int16> {
    let image = Plane<Int16>(
      arena, .image, height: format.height, width: format.width, channels: 4, padding: stem[0].geometry.padding)
    append(.image(image), LayerDescription("image", .image))
    guard stem.count > 1 else {
      let trunk: Plane<Int16> = outputPlane(.trunk, of: stem[0].geometry, on: image)
      convolve(stem[0], image, to: trunk, name: "stem.0")
      return trunk
    }
    let input = convolve(
      stem[0], image, into: .convolutionInput, padding: stem[1].geometry.padding, name: "stem.0")
    return convolve(stem.dropFirst(), input, to: .trunk, squeezeExcite: nil, name: "stem").output
  }

  private mutating func add(_ block: QuantisedBlock, index: Int, trunk: Plane<Int16>) -> Plane<Int16> {
    let name = "blocks.\(index)"
    let input = quantise(block.input, trunk, padding: block.body[0].geometry.padding, name: name + ".input")
    let (branch, sums) = convolve(
      block.body[...], input, to: .branch, squeezeExcite: block.squeezeExcite, name: name + ".body")
    let gate = addGate(block, branch, sums, name: name + ".se")

    var newTrunk = Plane<Int16>(
      arena, freeTrunk(trunk), height: branch.height, width: branch.width, channels: branch.channels)
    var shortcut: UnsafePointer<Int16>?
    var (stride, shortcutWidth) = (1, branch.width)
    var ratio: UnsafePointer<Float>?
    switch block.shortcut {
    case .none: break
    case .identity:
      newTrunk = trunk
      shortcut = UnsafePointer(trunk.base)
    case .subsample(let subsampling, let scaleRatio):
      shortcut = UnsafePointer(trunk.base)
      (stride, shortcutWidth, ratio) = (subsampling, trunk.width, scaleRatio.base)
    case .convolution(let convolution):
      convolve(convolution, trunk, to: newTrunk, name: name + ".shortcut")
      shortcut = UnsafePointer(newTrunk.base)
    }
    let update = TrunkUpdate(
      branch: branch.base, gate: gate, shortcut: shortcut, shortcutStride: stride, shortcutWidth: shortcutWidth,
      rescale: ratio, trunk: newTrunk.base, width: newTrunk.width, channels: newTrunk.channels)
    append(
      .update(update, RangeSplit(count: newTrunk.height, threads: threads)),
      LayerDescription(name + ".trunk", .trunk))
    if observing {
      let channels = block.body[block.body.count - 1].geometry.outputChannels
      append(
        .tap(.trunk(index), newTrunk, channels: channels, scale: block.trunkScale.base),
        LayerDescription(name + ".tap", .observation))
    }
    return newTrunk
  }

  /// The trunk buffer that `trunk` is not in.
  private func freeTrunk(_ trunk: Plane<Int16>) -> Arena.Buffer {
    trunk.base == arena.buffer(.trunk, count: 0, of: Int16.self) ? .otherTrunk : .trunk
  }

  private mutating func addGate(
    _ block: QuantisedBlock, _ branch: Plane<Int16>, _ sums: BranchSums?, name: String
  ) -> UnsafePointer<Float> {
    guard let squeezeExcite = block.squeezeExcite, let sums else { return block.gate.base }
    let hidden = paddedChannels(squeezeExcite.hidden)
    let gate = SqueezeExciteGate(
      means: arena.buffer(.means, count: branch.channels, of: Float.self), channels: branch.channels,
      hiddenValues: arena.buffer(.hidden, count: hidden, of: Float.self), hidden: hidden,
      reduce: squeezeExcite.reduce.base, expand: squeezeExcite.expand.base, factor: block.gate.base,
      gate: arena.buffer(.gate, count: branch.channels, of: Float.self))
    append(
      .squeezeExcite(gate, sums, meanScale: squeezeExcite.meanScale.base), LayerDescription(name, .squeezeExcite))
    return UnsafePointer(gate.gate)
  }

  private mutating func add(_ head: QuantisedHead, _ trunk: Plane<Int16>) {
    let trunkInput = quantise(
      head.input, trunk, padding: head.body.first?.geometry.padding ?? 0, name: "head.input")
    let input = convolve(head.body[...], trunkInput, lastPadding: 0, name: "head.body")
    let linear = head.linear
    let output = DequantisedOutput(
      plane: OutputPlane(base: embedding, pixelBytes: 0, rowBytes: 0), requantisation: requantisation(linear))
    append(
      .int8ToFloat(
        input.layer(linear.geometry, weights: linear.weights.base), output,
        split(linear.geometry, pixels: 1, tilePixels: kernels.int8TilePixels)),
      LayerDescription("head.linear", linear.geometry, .int8, pixels: 1, width: 1, isLinear: true))
    append(.normalise, LayerDescription("head.norm", .norm))
  }

  /// Brings the trunk to int8, together with the update right before, where there is one.
  private mutating func quantise(
    _ quantiser: TrunkQuantiser, _ trunk: Plane<Int16>, padding: Int, name: String
  ) -> Plane<Int8> {
    let input = Plane<Int8>(
      arena, .convolutionInput, height: trunk.height, width: trunk.width, channels: trunk.channels, padding: padding)
    let quantisation = TrunkQuantisation(
      trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
      scale: quantiser.scale.base, offset: quantiser.offset.base, padding: padding, output: input.base,
      flip: kernels.pixelFlip)
    let border = border(input, quantiser.zero)
    if case .update(let update, let split) = steps[steps.count - 1] {
      steps[steps.count - 1] = .updateAndQuantise(update, quantisation, split, border)
    } else {
      append(
        .quantise(quantisation, RangeSplit(count: trunk.height, threads: threads), border),
        LayerDescription(name, .trunk))
    }
    return input
  }

  /// What fills the border of a plane whose zero points are `zero`.
  mutating func border(_ plane: Plane<Int8>, _ zero: Tensor<Int8>) -> BorderFill<Int8> {
    guard kernels.pixelFlip != 0, plane.padding > 0 else { return BorderFill(plane: plane, pixel: zero.base) }
    let pixel = Tensor(zero.buffer.map { $0 ^ kernels.pixelFlip })
    borders.append(pixel)
    return BorderFill(plane: plane, pixel: pixel.base)
  }

  /// - Parameter flipped: the kernel multiplies pixels as they are stored.
  mutating func requantisation(_ convolution: QuantisedConvolution, flipped: Bool = true) -> Requantisation {
    var bias = convolution.bias
    // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
    if flipped, kernels.pixelFlip != 0, case .int8(_, let sums) = convolution.weights {
      bias = Tensor((0..<bias.count).map { bias[$0] &- 128 &* sums[$0] })
      biases.append(bias)
    }
    return Requantisation(bias: bias.base, positive: convolution.positive.base, negative: convolution.negative.base)
  }
}
