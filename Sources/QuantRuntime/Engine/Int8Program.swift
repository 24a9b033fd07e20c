import SIMDKernels

/// The int8 network as a list of kernel calls on planned memory.
///
/// image (int16) → stem → trunk (int16); per block: trunk → int8 → convolutions → branch (int16) → gate → trunk; then trunk → int8 →
/// linear layer → embedding.
final class Int8Program: EmbeddingProgram {
  private enum Step {
    case image(Plane<Int16>)
    case int8ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit)
    case int8ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit)
    case int8ToFloat(ConvolutionLayer, DequantisedOutput, ConvolutionSplit)
    case int16ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit)
    case int16ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit)
    case depthwiseToInt8(DepthwiseLayer, Int8Output, ConvolutionSplit)
    case depthwiseToInt16(DepthwiseLayer, Int16Output, ConvolutionSplit)
    case transformInput(WinogradPass)
    case transformedToInt8(WinogradPass, Int8Output)
    case transformedToInt16(WinogradPass, Int16Output)
    case quantise(TrunkQuantisation, RangeSplit)
    case border(Plane<Int8>, UnsafePointer<Int8>)
    case sums(ChannelSums, RangeSplit)
    case squeezeExcite(SqueezeExciteGate, sums: UnsafePointer<Int32>, meanScale: UnsafePointer<Float>)
    case update(TrunkUpdate, RangeSplit)
    case normalise
    case tap(Tap, Plane<Int16>, channels: Int, scale: UnsafePointer<Float>)
  }

  private let network: QuantisedNetwork
  private let kernels: KernelTable
  private let winograd: WinogradChoice
  private var plannedShapes: [WinogradShape] = []
  private let threads: Int
  private let observing: Bool
  private let arena = Arena()
  private var steps: [Step] = []
  /// Biases as this instruction set wants them; kept for the steps that point to them.
  private var biases: [Tensor<Int32>] = []
  private var embeddingPointer: UnsafeMutablePointer<Float>

  init(
    _ network: QuantisedNetwork, kernels: KernelTable, threads: Int, observing: Bool, winograd: WinogradChoice
  ) {
    self.network = network
    self.kernels = kernels
    self.winograd = winograd
    self.threads = threads
    self.observing = observing
    embeddingPointer = arena.buffer(.embedding, count: paddedChannels(network.head.embeddingSize), of: Float.self)
    super.init()
    plan()
    arena.allocate()
    embeddingPointer = arena.buffer(.embedding, count: paddedChannels(network.head.embeddingSize), of: Float.self)
    plan()
  }

  override var embedding: UnsafePointer<Float> { UnsafePointer(embeddingPointer) }
  override var arenaBytes: Int { arena.byteCount }
  override var winogradShapes: [WinogradShape] { plannedShapes }
  override var stepCount: Int { steps.count }

  override func partCount(step: Int) -> Int {
    switch steps[step] {
    case .int8ToInt8(_, _, let split), .int8ToInt16(_, _, let split), .int8ToFloat(_, _, let split),
      .int16ToInt8(_, _, let split), .int16ToInt16(_, _, let split), .depthwiseToInt8(_, _, let split),
      .depthwiseToInt16(_, _, let split):
      split.parts
    case .transformInput(let pass): pass.input.parts
    case .transformedToInt8(let pass, _), .transformedToInt16(let pass, _): pass.products.parts
    case .quantise(_, let split), .sums(_, let split), .update(_, let split): split.parts
    case .image, .border, .squeezeExcite, .normalise, .tap: 1
    }
  }

  override func run(step: Int, part: Int, worker: Int) {
    switch steps[step] {
    case .image(let plane):
      guard let pixels else { return }
      ImageInput.fill(plane, from: pixels, order: network.input.channels, mirrored: mirrored)
    case .int8ToInt8(let layer, let output, let split): kernels.convolveInt8ToInt8(layer, output, split.slice(part))
    case .int8ToInt16(let layer, let output, let split): kernels.convolveInt8ToInt16(layer, output, split.slice(part))
    case .int8ToFloat(let layer, let output, let split): kernels.convolveInt8ToFloat(layer, output, split.slice(part))
    case .int16ToInt8(let layer, let output, let split): kernels.convolveInt16ToInt8(layer, output, split.slice(part))
    case .int16ToInt16(let layer, let output, let split): kernels.convolveInt16ToInt16(layer, output, split.slice(part))
    case .depthwiseToInt8(let layer, let output, let split):
      kernels.depthwiseInt8ToInt8(layer, output, split.slice(part))
    case .depthwiseToInt16(let layer, let output, let split):
      kernels.depthwiseInt8ToInt16(layer, output, split.slice(part))
    case .transformInput(let pass): kernels.transformInput(pass.layer, pass.input.range(part))
    case .transformedToInt8(let pass, let output):
      kernels.convolveTransformedToInt8(pass.layer, output, pass.products.slice(part), pass.scratch(worker: worker))
    case .transformedToInt16(let pass, let output):
      kernels.convolveTransformedToInt16(pass.layer, output, pass.products.slice(part), pass.scratch(worker: worker))
    case .quantise(let pass, let split): kernels.quantiseTrunk(pass, split.range(part))
    case .border(let plane, let zero):
      plane.forEachBorderPixel { pixel in
        for channel in 0..<plane.channels { pixel[channel] = zero[channel] ^ kernels.pixelFlip }
      }
    case .sums(let pass, let split): kernels.sumChannels(pass, split.range(part))
    case .squeezeExcite(let gate, let sums, let meanScale):
      for channel in 0..<gate.channels { gate.means[channel] = Float(sums[channel]) * meanScale[channel] }
      gate.run()
    case .update(let pass, let split): kernels.updateTrunk(pass, split.range(part))
    case .normalise: normalise(embeddingPointer, count: paddedChannels(network.head.embeddingSize))
    case .tap(let tap, let plane, let channels, let scale): observe(tap, plane, channels: channels, scale: scale)
    }
  }

  // MARK: - Planning

  private func plan() {
    steps.removeAll()
    plannedShapes.removeAll()
    biases.removeAll()
    var trunk = planStem()
    for (index, block) in network.blocks.enumerated() {
      trunk = plan(block, index: index, trunk: trunk)
    }
    planHead(trunk)
  }

  private func planStem() -> Plane<Int16> {
    let first = network.stem[0]
    let image = Plane<Int16>(
      arena, .image, height: network.input.height, width: network.input.width, channels: 4,
      padding: first.geometry.padding)
    steps.append(.image(image))
    guard network.stem.count > 1 else {
      let trunk: Plane<Int16> = outputPlane(.trunk, of: first.geometry, on: image)
      convolve(first, image, to: trunk)
      return trunk
    }
    let input = convolve(first, image, into: .convolutionInput, padding: network.stem[1].geometry.padding)
    return convolve(network.stem.dropFirst(), input, to: .trunk)
  }

  private func plan(_ block: QuantisedBlock, index: Int, trunk: Plane<Int16>) -> Plane<Int16> {
    let input = quantise(block.input, trunk, padding: block.body[0].geometry.padding)
    let branch = convolve(block.body[...], input, to: .branch)
    let gate = planGate(block, branch)

    let newTrunk: Plane<Int16>
    let shortcut: UnsafePointer<Int16>?
    var (stride, shortcutWidth) = (1, branch.width)
    var ratio: UnsafePointer<Float>?
    switch block.shortcut {
    case .none:
      newTrunk = Plane(
        arena, freeTrunk(trunk), height: branch.height, width: branch.width, channels: branch.channels)
      shortcut = nil
    case .identity:
      newTrunk = trunk
      shortcut = UnsafePointer(trunk.base)
    case .subsample(let subsampling, let scaleRatio):
      newTrunk = Plane(arena, freeTrunk(trunk), height: branch.height, width: branch.width, channels: branch.channels)
      shortcut = UnsafePointer(trunk.base)
      (stride, shortcutWidth, ratio) = (subsampling, trunk.width, scaleRatio.base)
    case .convolution(let convolution):
      newTrunk = Plane(arena, freeTrunk(trunk), height: branch.height, width: branch.width, channels: branch.channels)
      convolve(convolution, trunk, to: newTrunk)
      shortcut = UnsafePointer(newTrunk.base)
    }
    let update = TrunkUpdate(
      branch: branch.base, gate: gate, shortcut: shortcut, shortcutStride: stride, shortcutWidth: shortcutWidth,
      rescale: ratio, trunk: newTrunk.base, width: newTrunk.width, channels: newTrunk.channels)
    steps.append(.update(update, RangeSplit(count: newTrunk.height, threads: threads)))
    if observing {
      steps.append(
        .tap(
          .trunk(index), newTrunk, channels: block.body[block.body.count - 1].geometry.outputChannels,
          scale: block.trunkScale.base))
    }
    return newTrunk
  }

  /// The trunk buffer that `trunk` is not in.
  private func freeTrunk(_ trunk: Plane<Int16>) -> Arena.Buffer {
    trunk.base == arena.buffer(.trunk, count: 0, of: Int16.self) ? .otherTrunk : .trunk
  }

  private func planGate(_ block: QuantisedBlock, _ branch: Plane<Int16>) -> UnsafePointer<Float> {
    guard let squeezeExcite = block.squeezeExcite else { return block.gate.base }
    let hidden = paddedChannels(squeezeExcite.hidden)
    let sums = arena.buffer(.sums, count: branch.channels, of: Int32.self)
    let gate = SqueezeExciteGate(
      means: arena.buffer(.means, count: branch.channels, of: Float.self), channels: branch.channels,
      hiddenValues: arena.buffer(.hidden, count: hidden, of: Float.self), hidden: hidden,
      reduce: squeezeExcite.reduce.base, expand: squeezeExcite.expand.base, factor: block.gate.base,
      gate: arena.buffer(.gate, count: branch.channels, of: Float.self))
    let pass = ChannelSums(values: branch.base, pixels: branch.pixels, channels: branch.channels, sums: sums)
    steps.append(.sums(pass, RangeSplit(count: branch.channels / 16, threads: threads)))
    steps.append(.squeezeExcite(gate, sums: sums, meanScale: squeezeExcite.meanScale.base))
    return UnsafePointer(gate.gate)
  }

  private func planHead(_ trunk: Plane<Int16>) {
    let head = network.head
    let trunkInput = quantise(head.input, trunk, padding: head.body.first?.geometry.padding ?? 0)
    let input = convolve(head.body[...], trunkInput, lastPadding: 0)
    let linear = head.linear
    let output = DequantisedOutput(
      plane: OutputPlane(base: embeddingPointer, pixelBytes: 0, rowBytes: 0), requantisation: requantisation(linear))
    steps.append(
      .int8ToFloat(
        input.layer(linear.geometry, weights: packedWeights(linear)), output,
        split(linear.geometry, pixels: 1, tilePixels: kernels.int8TilePixels)))
    steps.append(.normalise)
  }

  // MARK: - Steps

  private func quantise(_ quantiser: TrunkQuantiser, _ trunk: Plane<Int16>, padding: Int) -> Plane<Int8> {
    let input = Plane<Int8>(
      arena, .convolutionInput, height: trunk.height, width: trunk.width, channels: trunk.channels, padding: padding)
    let pass = TrunkQuantisation(
      trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
      scale: quantiser.scale.base, offset: quantiser.offset.base, padding: padding, output: input.base,
      flip: kernels.pixelFlip)
    steps.append(.quantise(pass, RangeSplit(count: trunk.height, threads: threads)))
    if padding > 0 { steps.append(.border(input, quantiser.zero.base)) }
    return input
  }

  /// A chain of convolutions, int8 → int8 up to the last one, whose int16 output goes to `buffer`.
  private func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Plane<Int8>, to buffer: Arena.Buffer
  ) -> Plane<Int16> {
    let last = chain[chain.endIndex - 1]
    let input = convolve(chain.dropLast(), input, lastPadding: last.geometry.padding)
    let output: Plane<Int16> = outputPlane(buffer, of: last.geometry, on: input)
    convolve(last, input, to: output)
    return output
  }

  /// A chain of convolutions, int8 → int8, the last output inside a border of `lastPadding`.
  private func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Plane<Int8>, lastPadding: Int
  ) -> Plane<Int8> {
    var plane = input
    for (position, convolution) in chain.enumerated() {
      plane = convolve(
        convolution, plane, into: position.isMultiple(of: 2) ? .otherConvolutionInput : .convolutionInput,
        padding: position + 1 < chain.count ? chain[chain.startIndex + position + 1].geometry.padding : lastPadding)
    }
    return plane
  }

  /// int8 → int8, the output inside a border of its zero points.
  private func convolve(
    _ convolution: QuantisedConvolution, _ input: Plane<Int8>, into buffer: Arena.Buffer, padding: Int
  ) -> Plane<Int8> {
    let geometry = convolution.geometry
    let output: Plane<Int8> = outputPlane(buffer, of: geometry, on: input, padding: padding)
    let passes = winogradPasses(convolution, input, height: output.height, width: output.width)
    var epilogue = int8Output(convolution, output, flipped: passes.isEmpty)
    let weights = packedWeights(convolution)
    if passes.isEmpty {
      let split = split(geometry, pixels: output.pixels, tilePixels: int8TilePixels(geometry))
      steps.append(
        geometry.isDepthwise
          ? .depthwiseToInt8(input.depthwiseLayer(geometry, weights: weights), epilogue, split)
          : .int8ToInt8(input.layer(geometry, weights: weights), epilogue, split))
    }
    for pass in passes {
      epilogue.plane = pass.rows(of: output.output)
      steps.append(.transformInput(pass))
      steps.append(.transformedToInt8(pass, epilogue))
    }
    if padding > 0 { steps.append(.border(output, epilogue.zero)) }
    return output
  }

  private func convolve(_ convolution: QuantisedConvolution, _ input: Plane<Int8>, to output: Plane<Int16>) {
    let geometry = convolution.geometry
    let passes = winogradPasses(convolution, input, height: output.height, width: output.width)
    var epilogue = Int16Output(
      plane: output.output, requantisation: requantisation(convolution, flipped: passes.isEmpty))
    let weights = packedWeights(convolution)
    if passes.isEmpty {
      let split = split(geometry, pixels: output.pixels, tilePixels: int8TilePixels(geometry))
      steps.append(
        geometry.isDepthwise
          ? .depthwiseToInt16(input.depthwiseLayer(geometry, weights: weights), epilogue, split)
          : .int8ToInt16(input.layer(geometry, weights: weights), epilogue, split))
    }
    for pass in passes {
      epilogue.plane = pass.rows(of: output.output)
      steps.append(.transformInput(pass))
      steps.append(.transformedToInt16(pass, epilogue))
    }
  }

  /// The convolution as Winograd, nothing where it is computed directly.
  private func winogradPasses(
    _ convolution: QuantisedConvolution, _ input: Plane<Int8>, height: Int, width: Int
  ) -> [WinogradPass] {
    guard kernels.packedOrder == .fours, let shape = convolution.winogradShape(height: height, width: width)
    else { return [] }
    if !plannedShapes.contains(shape) { plannedShapes.append(shape) }
    guard winograd.isFaster(shape, on: kernels.instructionSet), convolution.hasWinogradSums
    else { return [] }
    return WinogradPass.passes(
      input.layer(convolution.geometry, weights: packedWeights(convolution)), shape, arena: arena, kernels: kernels,
      threads: threads)
  }

  /// int16 → int8, the output inside a border of its zero points.
  private func convolve(
    _ convolution: QuantisedConvolution, _ input: Plane<Int16>, into buffer: Arena.Buffer, padding: Int
  ) -> Plane<Int8> {
    let geometry = convolution.geometry
    let output: Plane<Int8> = outputPlane(buffer, of: geometry, on: input, padding: padding)
    let epilogue = int8Output(convolution, output)
    steps.append(
      .int16ToInt8(
        input.layer(geometry, weights: packedWeights(convolution)), epilogue,
        split(geometry, pixels: output.pixels, tilePixels: kernels.int16TilePixels)))
    if padding > 0 { steps.append(.border(output, epilogue.zero)) }
    return output
  }

  private func convolve(_ convolution: QuantisedConvolution, _ input: Plane<Int16>, to output: Plane<Int16>) {
    steps.append(
      .int16ToInt16(
        input.layer(convolution.geometry, weights: packedWeights(convolution)),
        Int16Output(plane: output.output, requantisation: requantisation(convolution)),
        split(convolution.geometry, pixels: output.pixels, tilePixels: kernels.int16TilePixels)))
  }

  private func outputPlane<Input, Output>(
    _ buffer: Arena.Buffer, of geometry: ConvolutionGeometry, on input: Plane<Input>, padding: Int = 0
  ) -> Plane<Output> {
    Plane(
      arena, buffer, height: geometry.outputHeight(input.height), width: geometry.outputWidth(input.width),
      channels: paddedChannels(geometry.outputChannels), padding: padding)
  }

  private func split(_ geometry: ConvolutionGeometry, pixels: Int, tilePixels: Int) -> ConvolutionSplit {
    ConvolutionSplit(
      blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels, tilePixels: tilePixels, threads: threads)
  }

  private func int8TilePixels(_ geometry: ConvolutionGeometry) -> Int {
    geometry.isDepthwise ? DepthwiseLayer.tilePixels : kernels.int8TilePixels
  }

  private func int8Output(
    _ convolution: QuantisedConvolution, _ output: Plane<Int8>, flipped: Bool = true
  ) -> Int8Output {
    guard let zero = convolution.outputZero else { preconditionFailure("checked when the model was read") }
    return Int8Output(
      plane: output.output, requantisation: requantisation(convolution, flipped: flipped), zero: zero.base,
      flip: kernels.pixelFlip)
  }

  private func packedWeights(_ convolution: QuantisedConvolution) -> UnsafeRawPointer {
    switch convolution.weights {
    case .int8(let weights, _): UnsafeRawPointer(weights.base)
    case .int16(let weights): UnsafeRawPointer(weights.base)
    case .depthwise(let weights): UnsafeRawPointer(weights.base)
    }
  }

  /// - Parameter flipped: the kernel multiplies pixels as they are stored.
  private func requantisation(_ convolution: QuantisedConvolution, flipped: Bool = true) -> Requantisation {
    var bias = convolution.bias
    // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
    if flipped, kernels.pixelFlip != 0, case .int8(_, let sums) = convolution.weights {
      bias = Tensor((0..<bias.count).map { bias[$0] &- 128 &* sums[$0] })
      biases.append(bias)
    }
    return Requantisation(bias: bias.base, positive: convolution.positive.base, negative: convolution.negative.base)
  }

  private func observe(_ tap: Tap, _ plane: Plane<Int16>, channels: Int, scale: UnsafePointer<Float>) {
    guard let observer else { return }
    var values = [Float](repeating: 0, count: plane.pixels * plane.channels)
    for index in 0..<values.count { values[index] = Float(plane.base[index]) * scale[index % plane.channels] }
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      observer(
        TapValues(
          tap: tap, height: plane.height, width: plane.width, channels: channels, base: base,
          rowStride: plane.rowStride, pixelStride: plane.channels))
    }
  }
}
