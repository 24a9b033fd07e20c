import SIMDKernels

/// The float network as a list of kernel calls: the reference that int8 is measured against.
final class FloatProgram: EmbeddingProgram {
  private enum Step {
    case image(Plane<Float>, RangeSplit)
    case convolve(ConvolutionLayer, FloatOutput, ConvolutionSplit, BorderFill<Float>)
    case winograd(FloatWinogradConvolution, FloatOutput, BorderFill<Float>)
    case depthwise(DepthwiseLayer, FloatOutput, ConvolutionSplit, BorderFill<Float>)
    case normaliseChannels(FloatNormalisation, RangeSplit, BorderFill<Float>)
    case sums(FloatChannelSums, RangeSplit)
    case squeezeExcite(SqueezeExciteGate, sums: UnsafePointer<Float>, meanScale: Float)
    case update(FloatTrunkUpdate, RangeSplit)
    case normalise
    case tap(Tap, Plane<Float>, channels: Int)
  }

  private struct Block {
    let input: FloatAffine?
    let body: [FloatConvolution]
    let squeezeExcite: SqueezeExcite?
    let shortcut: Shortcut
    let shortcutConvolution: FloatConvolution?
  }

  private let input: InputFormat
  private let embeddingSize: Int
  private let stem: [FloatConvolution]
  private let blocks: [Block]
  private let tail: [FloatConvolution]
  private let headInput: FloatAffine?
  private let linear: FloatConvolution
  private let kernels: KernelTable
  private let threads: ThreadPlan
  private let observing: Bool
  private let arena = Arena()
  private var steps: [Step] = []
  private var descriptions: [LayerDescription] = []
  private var blockEntries: [ProgramEntry] = []
  private var stepsOfTaps: [Tap: Int] = [:]
  /// Kept for the steps that point to them.
  private var gates: [FloatSqueezeExcite] = []
  /// A pixel of ones, of zeros, as wide as the widest layer.
  private let ones: Tensor<Float>
  private let zeros: Tensor<Float>
  private var embeddingPointer: UnsafeMutablePointer<Float>

  init(_ network: Network, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice, observing: Bool) {
    input = network.input
    embeddingSize = network.head.embeddingSize
    let isWinograd = winograd.isFasterInFloat(on: kernels.instructionSet)
    func packed(_ unit: ConvolutionUnit) -> FloatConvolution {
      FloatConvolution(
        unit, storedInputChannels: paddedChannels(unit.geometry.inputChannels), prefersWinograd: isWinograd)
    }
    stem = network.stem.enumerated().map { $0 == 0 ? FloatConvolution($1, storedInputChannels: 3) : packed($1) }
    blocks = network.blocks.map { block in
      var shortcutConvolution: FloatConvolution?
      if case .convolution(let unit) = block.shortcut { shortcutConvolution = packed(unit) }
      return Block(
        input: block.input.map { FloatAffine($0, channels: block.body[0].geometry.inputChannels) },
        body: block.body.map(packed), squeezeExcite: block.squeezeExcite, shortcut: block.shortcut,
        shortcutConvolution: shortcutConvolution)
    }
    tail = network.tail.map(packed)
    headInput = network.head.input.map {
      FloatAffine($0, channels: network.tail.first?.geometry.inputChannels ?? network.head.inputChannels)
    }
    linear = FloatConvolution(network.head)
    let convolutions = stem + blocks.flatMap { $0.body } + tail
    let widest = convolutions.reduce(0) { max($0, paddedChannels($1.geometry.outputChannels)) }
    ones = Tensor([Float](repeating: 1, count: widest))
    zeros = Tensor([Float](repeating: 0, count: widest))
    self.kernels = kernels
    self.threads = threads
    self.observing = observing
    embeddingPointer = arena.buffer(.embedding, count: paddedChannels(embeddingSize), of: Float.self)
    super.init()
    plan()
    arena.allocate()
    embeddingPointer = arena.buffer(.embedding, count: paddedChannels(embeddingSize), of: Float.self)
    plan()
  }

  override var embedding: UnsafePointer<Float> { UnsafePointer(embeddingPointer) }
  override var arenaBytes: Int { arena.byteCount }
  override var layers: [LayerDescription] { descriptions }
  override var entries: [ProgramEntry] { blockEntries }
  override var tapSteps: [Tap: Int] { stepsOfTaps }
  override var stepCount: Int { steps.count }

  override func partCount(step: Int) -> Int {
    switch steps[step] {
    case .convolve(_, _, let split, _), .depthwise(_, _, let split, _): split.parts
    case .winograd(let winograd, _, _): winograd.parts
    case .image(_, let split), .normaliseChannels(_, let split, _), .sums(_, let split), .update(_, let split):
      split.parts
    case .squeezeExcite, .normalise, .tap: 1
    }
  }

  override func run(step: Int, part: Int, worker: Int) {
    switch steps[step] {
    case .image(let plane, let split):
      guard let pixels else { return }
      border(plane).run(part: part, of: split.parts)
      ImageInput.fill(
        plane, rows: split.range(part), from: pixels, order: input.channels, divisor: input.divisor, mirrored: mirrored)
    case .convolve(let layer, let output, let split, let border):
      kernels.convolveFloat(layer, output, split.slice(part))
      border.run(part: part, of: split.parts)
    case .winograd(let winograd, let output, let border):
      kernels.convolveFloatWinograd(winograd.layer, output, winograd.slice(part), winograd.scratch(worker: worker))
      border.run(part: part, of: winograd.parts)
    case .depthwise(let layer, let output, let split, let border):
      kernels.depthwiseFloat(layer, output, split.slice(part))
      border.run(part: part, of: split.parts)
    case .normaliseChannels(let pass, let split, let border):
      kernels.normaliseFloat(pass, split.range(part))
      border.run(part: part, of: split.parts)
    case .sums(let pass, let split): kernels.sumFloatChannels(pass, split.range(part))
    case .squeezeExcite(let gate, let sums, let meanScale):
      for channel in 0..<gate.channels { gate.means[channel] = sums[channel] * meanScale }
      kernels.squeezeExcite(gate)
    case .update(let pass, let split): kernels.updateFloatTrunk(pass, split.range(part))
    case .normalise: normalise(embeddingPointer, count: paddedChannels(embeddingSize))
    case .tap(let tap, let plane, let channels):
      observer?(
        TapValues(
          tap: tap, height: plane.height, width: plane.width, channels: channels,
          base: plane.base + plane.padding * (plane.rowStride + plane.channels), rowStride: plane.rowStride,
          pixelStride: plane.channels))
    }
  }

  // MARK: - Planning

  private func plan() {
    steps.removeAll()
    descriptions.removeAll()
    gates.removeAll()
    blockEntries.removeAll()
    stepsOfTaps.removeAll()
    let image = Plane<Float>(
      arena, .image, height: input.height, width: input.width, channels: 3, padding: stem[0].geometry.padding)
    append(.image(image, RangeSplit(count: image.height, threads: threads)), LayerDescription("image", .image))
    var trunk = convolve(stem, image, to: .trunk, name: "stem") { .stemBody($0) }
    tap(.stem, trunk, channels: stem[stem.count - 1].geometry.outputChannels)
    for (index, block) in blocks.enumerated() {
      blockEntries.append(ProgramEntry(step: steps.count, trunk: trunk))
      trunk = plan(block, index: index, trunk: trunk)
    }
    blockEntries.append(ProgramEntry(step: steps.count, trunk: trunk))

    var features = normaliseChannels(
      headInput, trunk, padding: tail.first?.geometry.padding ?? 0, name: "head.input")
    if !tail.isEmpty {
      tap(.tailInput, features, channels: tail[0].geometry.inputChannels)
      features = convolve(tail, features, to: .branch, name: "head.body") { .tail($0) }
    }
    tap(.headInput, features, channels: linear.geometry.inputChannels)
    let output = FloatOutput(
      plane: OutputPlane(base: embeddingPointer, pixelBytes: 0, rowBytes: 0), bias: linear.bias.base,
      slopes: linear.slopes.base)
    let split = ConvolutionSplit(
      blocks: paddedChannels(embeddingSize) / 16, pixels: 1, tilePixels: kernels.floatTilePixels, threads: threads)
    append(
      .convolve(
        features.layer(linear.geometry, weights: UnsafeRawPointer(linear.weights.base)), output, split,
        border(features)),
      LayerDescription("head.linear", linear.geometry, .float, pixels: 1, width: 1, isLinear: true))
    append(.normalise, LayerDescription("head.norm", .norm))
  }

  private func plan(_ block: Block, index: Int, trunk: Plane<Float>) -> Plane<Float> {
    let name = "blocks.\(index)"
    let input = normaliseChannels(
      block.input, trunk, padding: block.body[0].geometry.padding, name: name + ".input")
    tap(.blockInput(index), input, channels: block.body[0].geometry.inputChannels)
    let isNewTrunk = block.squeezeExcite == nil && block.shortcut == .none
    let branch = convolve(
      block.body, input, to: isNewTrunk ? freeTrunk(trunk) : .branch, name: name + ".body"
    ) { .body(block: index, convolution: $0) }
    let channels = block.body[block.body.count - 1].geometry.outputChannels
    tap(.branch(index), branch, channels: channels)
    if isNewTrunk {
      tap(.trunk(index), branch, channels: channels)
      return branch
    }
    let gate = planGate(block, branch, name: name + ".se")

    var newTrunk = Plane<Float>(
      arena, freeTrunk(trunk), height: branch.height, width: branch.width, channels: branch.channels)
    var shortcut: UnsafePointer<Float>?
    var (stride, shortcutWidth) = (1, branch.width)
    switch block.shortcut {
    case .none: break
    case .identity:
      newTrunk = trunk
      shortcut = UnsafePointer(trunk.base)
    case .subsample(let subsampling):
      shortcut = UnsafePointer(trunk.base)
      (stride, shortcutWidth) = (subsampling, trunk.width)
    case .convolution:
      if let convolution = block.shortcutConvolution {
        append(convolution, trunk, newTrunk, name: name + ".shortcut")
        shortcut = UnsafePointer(newTrunk.base)
      }
    }
    let update = FloatTrunkUpdate(
      branch: branch.base, gate: gate, shortcut: shortcut, shortcutStride: stride, shortcutWidth: shortcutWidth,
      trunk: newTrunk.base, width: newTrunk.width, channels: newTrunk.channels)
    append(
      .update(update, RangeSplit(count: newTrunk.height, threads: threads)), LayerDescription(name + ".trunk", .trunk))
    tap(.trunk(index), newTrunk, channels: channels)
    return newTrunk
  }

  /// The trunk buffer that `trunk` is not in.
  private func freeTrunk(_ trunk: Plane<Float>) -> Arena.Buffer {
    trunk.base == arena.buffer(.trunk, count: 0, of: Float.self) ? .otherTrunk : .trunk
  }

  private func planGate(_ block: Block, _ branch: Plane<Float>, name: String) -> UnsafePointer<Float> {
    guard let squeezeExcite = block.squeezeExcite else { return ones.base }
    let weights = FloatSqueezeExcite(
      squeezeExcite, channels: block.body[block.body.count - 1].geometry.outputChannels, pixels: branch.pixels)
    gates.append(weights)
    let sums = arena.buffer(.sums, count: branch.channels, of: Float.self)
    let gate = SqueezeExciteGate(
      means: arena.buffer(.means, count: branch.channels, of: Float.self), channels: branch.channels,
      hiddenValues: arena.buffer(.hidden, count: weights.hidden, of: Float.self), hidden: weights.hidden,
      reduce: weights.reduce.base, expand: weights.expand.base, factor: ones.base,
      gate: arena.buffer(.gate, count: branch.channels, of: Float.self))
    let pass = FloatChannelSums(values: branch.base, pixels: branch.pixels, channels: branch.channels, sums: sums)
    append(
      .sums(pass, RangeSplit(count: branch.channels / 16, threads: threads)),
      LayerDescription(name + ".sums", .squeezeExcite))
    append(
      .squeezeExcite(gate, sums: sums, meanScale: weights.meanScale), LayerDescription(name, .squeezeExcite))
    return UnsafePointer(gate.gate)
  }

  /// What a convolution with this padding reads: the trunk itself, where nothing is to be done.
  private func normaliseChannels(
    _ affine: FloatAffine?, _ trunk: Plane<Float>, padding: Int, name: String
  ) -> Plane<Float> {
    guard affine != nil || padding > 0 else { return trunk }
    let output = Plane<Float>(
      arena, .convolutionInput, height: trunk.height, width: trunk.width, channels: trunk.channels, padding: padding)
    let pass = FloatNormalisation(
      trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
      scale: affine?.scale.base ?? ones.base, shift: affine?.shift.base ?? zeros.base, output: output.output)
    append(
      .normaliseChannels(pass, RangeSplit(count: trunk.height, threads: threads), border(output)),
      LayerDescription(name, .trunk))
    return output
  }

  /// A chain of convolutions; the last one's output goes to `buffer`, without a border.
  private func convolve(
    _ chain: [FloatConvolution], _ input: Plane<Float>, to buffer: Arena.Buffer, name: String,
    tapName: (Int) -> Tap
  ) -> Plane<Float> {
    var plane = input
    for (position, convolution) in chain.enumerated() {
      let isLast = position == chain.count - 1
      let padding = isLast ? 0 : chain[position + 1].geometry.padding
      let output = Plane<Float>(
        arena, isLast ? buffer : position.isMultiple(of: 2) ? .otherConvolutionInput : .convolutionInput,
        height: convolution.geometry.outputHeight(plane.height), width: convolution.geometry.outputWidth(plane.width),
        channels: paddedChannels(convolution.geometry.outputChannels), padding: padding)
      append(convolution, plane, output, name: "\(name).\(position)")
      if !isLast { tap(tapName(position), output, channels: convolution.geometry.outputChannels) }
      plane = output
    }
    return plane
  }

  private func append(_ step: Step, _ description: LayerDescription) {
    steps.append(step)
    descriptions.append(description)
  }

  private func append(
    _ convolution: FloatConvolution, _ input: Plane<Float>, _ output: Plane<Float>, name: String
  ) {
    let geometry = convolution.geometry
    let weights = UnsafeRawPointer(convolution.weights.base)
    let split = ConvolutionSplit(
      blocks: paddedChannels(geometry.outputChannels) / 16, pixels: output.pixels,
      tilePixels: geometry.isDepthwise ? DepthwiseLayer.tilePixels : kernels.floatTilePixels,
      isDepthwise: geometry.isDepthwise, threads: threads)
    let epilogue = FloatOutput(plane: output.output, bias: convolution.bias.base, slopes: convolution.slopes.base)
    let step: Step =
      if geometry.isDepthwise {
        .depthwise(input.depthwiseLayer(geometry, weights: weights), epilogue, split, border(output))
      } else if convolution.isWinograd {
        .winograd(
          FloatWinogradConvolution(
            input.winogradLayer(geometry, weights: convolution.weights.base), blocks: output.channels / 16,
            threads: threads, arena), epilogue, border(output))
      } else {
        .convolve(input.layer(geometry, weights: weights), epilogue, split, border(output))
      }
    append(step, LayerDescription(name, geometry, .float, pixels: output.pixels, width: output.width))
  }

  private func tap(_ tap: Tap, _ plane: Plane<Float>, channels: Int) {
    guard observing else { return }
    stepsOfTaps[tap] = steps.count
    append(.tap(tap, plane, channels: channels), LayerDescription("tap", .observation))
  }

  private func border(_ plane: Plane<Float>) -> BorderFill<Float> {
    BorderFill(plane: plane, pixel: zeros.base)
  }
}
