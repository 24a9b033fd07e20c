import SIMDKernels

/// The steps of an `Int8Program`, laid out for one session's threads on its arena.
struct Int8Plan {
  private(set) var steps: [Int8Step] = []
  /// What each step computes.
  private(set) var layers: [LayerDescription] = []
  /// Of an observing session: see `EmbeddingProgram`.
  private(set) var entries: [ProgramEntry] = []
  private(set) var tapSteps: [Tap: Int] = [:]
  let embedding: UnsafeMutablePointer<Float>
  /// Components of the embedding, padded to 16.
  let embeddingCount: Int

  let arena: Arena
  let kernels: KernelTable
  let threads: ThreadPlan
  let winogradChoice: WinogradChoice
  /// The distinct shapes of the convolutions that Winograd can compute, in the network's order.
  var winogradShapes: [WinogradShape] = []
  private let observing: Bool
  /// Numbers as this instruction set wants them; kept for the steps that point to them.
  var biases: [Tensor<Int32>] = []
  private var borders: [Tensor<Int8>] = []
  private var zeros: [Tensor<Int16>] = []

  init(
    _ network: QuantisedNetwork, _ arena: Arena, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice,
    observing: Bool
  ) {
    self.arena = arena
    self.kernels = kernels
    self.threads = threads
    winogradChoice = winograd
    self.observing = observing
    embeddingCount = paddedChannels(network.head.embeddingSize)
    embedding = arena.buffer(.embedding, count: embeddingCount, of: Float.self)
    var trunk = addStem(network.stem, network.input)
    for (index, block) in network.blocks.enumerated() {
      addEntry(trunk)
      trunk = add(block, index: index, trunk: trunk)
    }
    addEntry(trunk)
    add(network.head, trunk)
  }

  /// Only where nobody observes does a step reach across.
  private mutating func addEntry(_ trunk: Plane<Int16>) {
    if observing { entries.append(ProgramEntry(step: steps.count, trunk: trunk)) }
  }

  /// Hands out what an int8 convolution reads, where the session observes.
  mutating func tap(_ tap: Tap, _ input: Activations, channels: Int, zero: Tensor<Int8>?, name: String) {
    guard observing, case .int8(let plane) = input else { return }
    tapSteps[tap] = steps.count
    append(
      .inputTap(tap, plane, channels: channels, zero: zeroPoints(zero).base),
      LayerDescription(name + ".tap", .observation))
  }

  mutating func append(_ step: Int8Step, _ layer: LayerDescription) {
    steps.append(step)
    layers.append(layer)
  }

  private mutating func addStem(_ stem: [QuantisedConvolution], _ format: InputFormat) -> Plane<Int16> {
    let image = Plane<Int16>(
      arena, .image, height: format.height, width: format.width, channels: 4, padding: stem[0].geometry.padding)
    append(.image(image, RangeSplit(count: image.height, threads: threads)), LayerDescription("image", .image))
    return convolve(stem, .int16(image), to: .trunk, squeezeExcite: nil, name: "stem", tapName: { .stemBody($0) })
      .output
  }

  private mutating func add(_ block: QuantisedBlock, index: Int, trunk: Plane<Int16>) -> Plane<Int16> {
    let name = "blocks.\(index)"
    let input = quantise(block.input, trunk, for: block.body[0], name: name + ".input")
    tap(
      .blockInput(index), input, channels: block.body[0].geometry.inputChannels, zero: block.input.zero,
      name: name + ".input")
    let (branch, sums) = convolve(
      block.body, input, to: .branch, squeezeExcite: block.squeezeExcite, name: name + ".body",
      tapName: { .body(block: index, convolution: $0) })
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
      convolve(
        convolution, .int16(trunk), nil,
        Int16Output(plane: newTrunk.output, requantisation: requantisation(convolution)),
        pixels: newTrunk.pixels, name: name + ".shortcut"
      ) { _ in .nothing }
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
      tapSteps[.trunk(index)] = steps.count
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
    let linear = head.linear
    let trunkInput = quantise(head.input, trunk, for: head.body.first ?? linear, name: "head.input")
    tap(
      head.body.isEmpty ? .headInput : .tailInput, trunkInput,
      channels: (head.body.first ?? linear).geometry.inputChannels, zero: head.input.zero, name: "head.input")
    let input = convolve(
      head.body[...], trunkInput, for: linear, name: "head.body",
      tapName: { $0 == head.body.count - 1 ? .headInput : .tail($0) })
    let output = DequantisedOutput(
      plane: OutputPlane(base: embedding, pixelBytes: 0, rowBytes: 0), requantisation: requantisation(linear))
    let split = split(linear.geometry, pixels: 1, tilePixels: tilePixels(linear.geometry, input))
    let step: Int8Step =
      switch input {
      case .int8(let plane): .int8ToFloat(plane.layer(linear.geometry, weights: linear.weights.base), output, split)
      case .int16(let plane): .int16ToFloat(plane.layer(linear.geometry, weights: linear.weights.base), output, split)
      }
    append(
      step, LayerDescription("head.linear", linear.geometry, input.arithmetic, pixels: 1, width: 1, isLinear: true))
    append(.normalise, LayerDescription("head.norm", .norm))
  }

  /// Brings the trunk to what `next` reads, together with the update right before, where there is one.
  private mutating func quantise(
    _ quantiser: TrunkQuantiser, _ trunk: Plane<Int16>, for next: QuantisedConvolution, name: String
  ) -> Activations {
    let padding = next.geometry.padding
    let split = RangeSplit(count: trunk.height, threads: threads)
    var update: TrunkUpdate?
    if case .update(let last, _) = steps[steps.count - 1] { update = last }
    let step: Int8Step
    let input: Activations
    if let limit = next.largestInput {
      let plane: Plane<Int16> = inputPlane(of: trunk, padding: padding)
      let scaling = TrunkScaling(
        trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
        scale: quantiser.scale.base, offset: quantiser.offset.base, output: plane.output,
        limit: Int16(limit))
      let border = zeroBorder(plane)
      step = update.map { .updateAndScale($0, scaling, split, border) } ?? .scale(scaling, split, border)
      input = .int16(plane)
    } else {
      var plane: Plane<Int8> = inputPlane(of: trunk, padding: padding)
      plane.borderPixel = zeroPoints(quantiser.zero).base
      let quantisation = TrunkQuantisation(
        trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
        scale: quantiser.scale.base, offset: quantiser.offset.base, output: plane.output,
        flip: kernels.pixelFlip)
      let border = border(plane, zeroPoints(quantiser.zero))
      step =
        update.map { .updateAndQuantise($0, quantisation, split, border) } ?? .quantise(quantisation, split, border)
      input = .int8(plane)
    }
    if update == nil {
      append(step, LayerDescription(name, .trunk))
    } else {
      steps[steps.count - 1] = step
    }
    return input
  }

  private func inputPlane<Value>(of trunk: Plane<Int16>, padding: Int) -> Plane<Value> {
    Plane(
      arena, .convolutionInput, height: trunk.height, width: trunk.width, channels: trunk.channels, padding: padding)
  }

  func zeroPoints(_ zero: Tensor<Int8>?) -> Tensor<Int8> {
    guard let zero else { preconditionFailure("checked when the model was read") }
    return zero
  }

  /// What fills the border of a plane whose zero points are `zero`.
  mutating func border(_ plane: Plane<Int8>, _ zero: Tensor<Int8>) -> BorderFill<Int8> {
    guard kernels.pixelFlip != 0, plane.padding > 0 else { return BorderFill(plane: plane, pixel: zero.base) }
    let pixel = Tensor(zero.buffer.map { $0 ^ kernels.pixelFlip })
    borders.append(pixel)
    return BorderFill(plane: plane, pixel: pixel.base)
  }

  /// What fills the border of an int16 plane, which has no zero points.
  mutating func zeroBorder(_ plane: Plane<Int16>) -> BorderFill<Int16> {
    let pixel = Tensor([Int16](repeating: 0, count: plane.channels))
    zeros.append(pixel)
    return BorderFill(plane: plane, pixel: pixel.base)
  }

  /// That of a convolution which reads its input as it is stored.
  mutating func requantisation(_ convolution: QuantisedConvolution) -> Requantisation {
    var requantisation = convolution.requantisation
    // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
    if kernels.pixelFlip != 0, case .int8(_, let sums) = convolution.weights {
      let bias = Tensor((0..<sums.count).map { convolution.bias[$0] &- 128 &* sums[$0] })
      biases.append(bias)
      requantisation.bias = bias.base
    }
    return requantisation
  }
}

extension QuantisedConvolution {
  var requantisation: Requantisation {
    Requantisation(
      bias: bias.base, positive: positive.base, negative: negative.base,
      isLinear: positive.buffer.elementsEqual(negative.buffer))
  }
}
