import SIMDKernels

/// The int8 network as a list of kernel calls on planned memory.
///
/// image (int16) → stem → trunk (int16); per block: trunk → int8 → convolutions → branch (int16) → gate → trunk; then trunk → int8 →
/// linear layer → embedding. Where a layer's weights are int16, what it reads is int16 too.
final class Int8Program: EmbeddingProgram {
  private enum Step {
    case image(Plane<Int16>)
    case int8ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit)
    case int8ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit)
    case int8ToFloat(ConvolutionLayer, DequantisedOutput, ConvolutionSplit)
    case int16ToInt8(ConvolutionLayer, Int8Output, ConvolutionSplit)
    case int16ToInt16(ConvolutionLayer, Int16Output, ConvolutionSplit)
    case int16ToFloat(ConvolutionLayer, DequantisedOutput, ConvolutionSplit)
    case depthwiseInt8ToInt8(DepthwiseLayer, Int8Output, ConvolutionSplit)
    case depthwiseInt8ToInt16(DepthwiseLayer, Int16Output, ConvolutionSplit)
    case depthwiseInt16ToInt8(DepthwiseLayer, Int8Output, ConvolutionSplit)
    case depthwiseInt16ToInt16(DepthwiseLayer, Int16Output, ConvolutionSplit)
    case quantise(TrunkQuantisation, RangeSplit)
    case scale(TrunkScaling, RangeSplit)
    case border(Plane<Int8>, UnsafePointer<Int8>)
    case zeroBorder(Plane<Int16>)
    case sums(ChannelSums, RangeSplit)
    case squeezeExcite(SqueezeExciteGate, sums: UnsafePointer<Int32>, meanScale: UnsafePointer<Float>)
    case update(TrunkUpdate, RangeSplit)
    case normalise
    case tap(Tap, Plane<Int16>, channels: Int, scale: UnsafePointer<Float>)
  }

  /// What a convolution reads.
  private enum Activations {
    case int8(Plane<Int8>)
    case int16(Plane<Int16>)
  }

  private let network: QuantisedNetwork
  private let kernels: KernelTable
  private let threads: Int
  private let observing: Bool
  private let arena = Arena()
  private var steps: [Step] = []
  /// Biases as this instruction set wants them; kept for the steps that point to them.
  private var biases: [Tensor<Int32>] = []
  private var embeddingPointer: UnsafeMutablePointer<Float>

  init(_ network: QuantisedNetwork, kernels: KernelTable, threads: Int, observing: Bool) {
    self.network = network
    self.kernels = kernels
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
  override var stepCount: Int { steps.count }

  override func partCount(step: Int) -> Int {
    switch steps[step] {
    case .int8ToInt8(_, _, let split), .int8ToInt16(_, _, let split), .int8ToFloat(_, _, let split),
      .int16ToInt8(_, _, let split), .int16ToInt16(_, _, let split), .int16ToFloat(_, _, let split),
      .depthwiseInt8ToInt8(_, _, let split), .depthwiseInt8ToInt16(_, _, let split),
      .depthwiseInt16ToInt8(_, _, let split), .depthwiseInt16ToInt16(_, _, let split):
      split.parts
    case .quantise(_, let split), .scale(_, let split), .sums(_, let split), .update(_, let split): split.parts
    case .image, .border, .zeroBorder, .squeezeExcite, .normalise, .tap: 1
    }
  }

  override func run(step: Int, part: Int) {
    switch steps[step] {
    case .image(let plane):
      guard let pixels else { return }
      ImageInput.fill(plane, from: pixels, order: network.input.channels, mirrored: mirrored)
    case .int8ToInt8(let layer, let output, let split): kernels.convolveInt8ToInt8(layer, output, split.slice(part))
    case .int8ToInt16(let layer, let output, let split): kernels.convolveInt8ToInt16(layer, output, split.slice(part))
    case .int8ToFloat(let layer, let output, let split): kernels.convolveInt8ToFloat(layer, output, split.slice(part))
    case .int16ToInt8(let layer, let output, let split): kernels.convolveInt16ToInt8(layer, output, split.slice(part))
    case .int16ToInt16(let layer, let output, let split): kernels.convolveInt16ToInt16(layer, output, split.slice(part))
    case .int16ToFloat(let layer, let output, let split): kernels.convolveInt16ToFloat(layer, output, split.slice(part))
    case .depthwiseInt8ToInt8(let layer, let output, let split):
      kernels.depthwiseInt8ToInt8(layer, output, split.slice(part))
    case .depthwiseInt8ToInt16(let layer, let output, let split):
      kernels.depthwiseInt8ToInt16(layer, output, split.slice(part))
    case .depthwiseInt16ToInt8(let layer, let output, let split):
      kernels.depthwiseInt16ToInt8(layer, output, split.slice(part))
    case .depthwiseInt16ToInt16(let layer, let output, let split):
      kernels.depthwiseInt16ToInt16(layer, output, split.slice(part))
    case .quantise(let pass, let split): kernels.quantiseTrunk(pass, split.range(part))
    case .scale(let pass, let split): kernels.scaleTrunk(pass, split.range(part))
    case .border(let plane, let zero):
      plane.forEachBorderPixel { pixel in
        for channel in 0..<plane.channels { pixel[channel] = zero[channel] ^ kernels.pixelFlip }
      }
    case .zeroBorder(let plane): plane.forEachBorderPixel { $0.update(repeating: 0, count: plane.channels) }
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
    return convolve(network.stem[...], .int16(image), to: .trunk)
  }

  private func plan(_ block: QuantisedBlock, index: Int, trunk: Plane<Int16>) -> Plane<Int16> {
    let input = quantise(block.input, trunk, for: block.body[0])
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
      convolve(convolution, .int16(trunk), to: newTrunk)
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
    let linear = head.linear
    let trunkInput = quantise(head.input, trunk, for: head.body.first ?? linear)
    let input = convolve(head.body[...], trunkInput, for: linear)
    let output = DequantisedOutput(
      plane: OutputPlane(base: embeddingPointer, pixelBytes: 0, rowBytes: 0), requantisation: requantisation(linear))
    let weights = packedWeights(linear)
    switch input {
    case .int8(let plane):
      steps.append(
        .int8ToFloat(
          plane.layer(linear.geometry, weights: weights), output,
          split(linear.geometry, pixels: 1, tilePixels: kernels.int8TilePixels)))
    case .int16(let plane):
      steps.append(
        .int16ToFloat(
          plane.layer(linear.geometry, weights: weights), output,
          split(linear.geometry, pixels: 1, tilePixels: kernels.int16TilePixels)))
    }
    steps.append(.normalise)
  }

  // MARK: - Steps

  /// The trunk as `next` reads it.
  private func quantise(
    _ quantiser: TrunkQuantiser, _ trunk: Plane<Int16>, for next: QuantisedConvolution
  ) -> Activations {
    let padding = next.geometry.padding
    let split = RangeSplit(count: trunk.height, threads: threads)
    guard let limit = next.largestInput else {
      let input: Plane<Int8> = samePlane(.convolutionInput, as: trunk, padding: padding)
      let pass = TrunkQuantisation(
        trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
        scale: quantiser.scale.base, offset: quantiser.offset.base, padding: padding, output: input.base,
        flip: kernels.pixelFlip)
      steps.append(.quantise(pass, split))
      if padding > 0 { steps.append(.border(input, zeroPoints(quantiser.zero))) }
      return .int8(input)
    }
    let input: Plane<Int16> = samePlane(.convolutionInput, as: trunk, padding: padding)
    let pass = TrunkScaling(
      trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
      scale: quantiser.scale.base, offset: quantiser.offset.base, padding: padding, output: input.base,
      limit: Int32(limit))
    steps.append(.scale(pass, split))
    if padding > 0 { steps.append(.zeroBorder(input)) }
    return .int16(input)
  }

  /// A chain of convolutions, the last output, int16, in `buffer`.
  private func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Activations, to buffer: Arena.Buffer
  ) -> Plane<Int16> {
    let last = chain[chain.endIndex - 1]
    let input = convolve(chain.dropLast(), input, for: last)
    let output: Plane<Int16> = outputPlane(buffer, of: last.geometry, on: input)
    convolve(last, input, to: output)
    return output
  }

  /// A chain of convolutions in front of `next`.
  private func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Activations, for next: QuantisedConvolution
  ) -> Activations {
    var input = input
    for (position, convolution) in chain.enumerated() {
      input = convolve(
        convolution, input, into: position.isMultiple(of: 2) ? .otherConvolutionInput : .convolutionInput,
        for: position + 1 < chain.count ? chain[chain.startIndex + position + 1] : next)
    }
    return input
  }

  /// The output as `next` reads it, inside its border.
  private func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, into buffer: Arena.Buffer,
    for next: QuantisedConvolution
  ) -> Activations {
    let padding = next.geometry.padding
    if let limit = next.largestInput {
      let output: Plane<Int16> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
      convolve(convolution, input, to: output, lowest: -Int32(limit), highest: Int32(limit))
      if padding > 0 { steps.append(.zeroBorder(output)) }
      return .int16(output)
    }
    let output: Plane<Int8> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
    let zero = zeroPoints(convolution.outputZero)
    convolve(
      convolution, input,
      to: Int8Output(
        plane: output.output, requantisation: requantisation(convolution), zero: zero, flip: kernels.pixelFlip),
      pixels: output.pixels)
    if padding > 0 { steps.append(.border(output, zero)) }
    return .int8(output)
  }

  private func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, to output: Int8Output, pixels: Int
  ) {
    let (geometry, weights) = (convolution.geometry, packedWeights(convolution))
    let split = split(geometry, pixels: pixels, tilePixels: tilePixels(geometry, input))
    switch input {
    case .int8(let plane):
      steps.append(
        geometry.isDepthwise
          ? .depthwiseInt8ToInt8(plane.depthwiseLayer(geometry, weights: weights), output, split)
          : .int8ToInt8(plane.layer(geometry, weights: weights), output, split))
    case .int16(let plane):
      steps.append(
        geometry.isDepthwise
          ? .depthwiseInt16ToInt8(plane.depthwiseLayer(geometry, weights: weights), output, split)
          : .int16ToInt8(plane.layer(geometry, weights: weights), output, split))
    }
  }

  private func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, to output: Plane<Int16>, lowest: Int32 = -32768,
    highest: Int32 = 32767
  ) {
    let (geometry, weights) = (convolution.geometry, packedWeights(convolution))
    let epilogue = Int16Output(
      plane: output.output, requantisation: requantisation(convolution), lowest: lowest, highest: highest)
    let split = split(geometry, pixels: output.pixels, tilePixels: tilePixels(geometry, input))
    switch input {
    case .int8(let plane):
      steps.append(
        geometry.isDepthwise
          ? .depthwiseInt8ToInt16(plane.depthwiseLayer(geometry, weights: weights), epilogue, split)
          : .int8ToInt16(plane.layer(geometry, weights: weights), epilogue, split))
    case .int16(let plane):
      steps.append(
        geometry.isDepthwise
          ? .depthwiseInt16ToInt16(plane.depthwiseLayer(geometry, weights: weights), epilogue, split)
          : .int16ToInt16(plane.layer(geometry, weights: weights), epilogue, split))
    }
  }

  private func samePlane<Output>(_ buffer: Arena.Buffer, as trunk: Plane<Int16>, padding: Int) -> Plane<Output> {
    Plane(arena, buffer, height: trunk.height, width: trunk.width, channels: trunk.channels, padding: padding)
  }

  private func outputPlane<Output>(
    _ buffer: Arena.Buffer, of geometry: ConvolutionGeometry, on input: Activations, padding: Int = 0
  ) -> Plane<Output> {
    let (height, width) =
      switch input {
      case .int8(let plane): (plane.height, plane.width)
      case .int16(let plane): (plane.height, plane.width)
      }
    return Plane(
      arena, buffer, height: geometry.outputHeight(height), width: geometry.outputWidth(width),
      channels: paddedChannels(geometry.outputChannels), padding: padding)
  }

  private func split(_ geometry: ConvolutionGeometry, pixels: Int, tilePixels: Int) -> ConvolutionSplit {
    ConvolutionSplit(
      blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels, tilePixels: tilePixels, threads: threads)
  }

  private func tilePixels(_ geometry: ConvolutionGeometry, _ input: Activations) -> Int {
    if geometry.isDepthwise { return DepthwiseLayer.tilePixels }
    return if case .int8 = input { kernels.int8TilePixels } else { kernels.int16TilePixels }
  }

  private func zeroPoints(_ zero: Tensor<Int8>?) -> UnsafePointer<Int8> {
    guard let zero else { preconditionFailure("checked when the model was read") }
    return zero.base
  }

  private func packedWeights(_ convolution: QuantisedConvolution) -> UnsafeRawPointer {
    switch convolution.weights {
    case .int8(let weights, _): UnsafeRawPointer(weights.base)
    case .depthwise(let weights): UnsafeRawPointer(weights.base)
    case .int16(let weights, _), .depthwiseInt16(let weights, _): UnsafeRawPointer(weights.base)
    }
  }

  private func requantisation(_ convolution: QuantisedConvolution) -> Requantisation {
    var bias = convolution.bias
    // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
    if kernels.pixelFlip != 0, case .int8(_, let sums) = convolution.weights {
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
