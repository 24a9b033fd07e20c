import SIMDKernels

/// Plans a float network: the reference that int8 is measured against.
struct FloatPlan {
  private var program: ProgramPlan
  private let kernels: KernelTable
  /// A pixel of ones, and of zeros, as wide as the widest layer.
  private let ones: UnsafePointer<Float>
  private let zeros: UnsafePointer<Float>

  static func program(
    _ network: Network, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice, observing: Bool
  ) -> Program {
    let network = PackedNetwork(network, isWinograd: winograd.isFasterInFloat(on: kernels.instructionSet))
    return ProgramPlan.program(threads: threads, observing: observing) { plan in
      var plan = FloatPlan(plan, kernels, widest: network.widest)
      return plan.add(network)
    }
  }

  private init(_ program: ProgramPlan, _ kernels: KernelTable, widest: Int) {
    self.program = program
    self.kernels = kernels
    ones = self.program.keep(Tensor([Float](repeating: 1, count: widest)))
    zeros = self.program.keep(Tensor([Float](repeating: 0, count: widest)))
  }

  private mutating func add(_ network: PackedNetwork) -> Program {
    let image = addImage(network.input, padding: network.stem[0].geometry.padding)
    var trunk = convolve(network.stem, image, to: .trunk, name: "stem") { .stemBody($0) }
    tap(.stem, trunk, channels: network.stem[network.stem.count - 1].geometry.outputChannels)
    for (index, block) in network.blocks.enumerated() {
      program.addEntry(trunk)
      trunk = add(block, index: index, trunk: trunk)
    }
    program.addEntry(trunk)
    return addHead(network, trunk)
  }

  private mutating func addImage(_ format: InputFormat, padding: Int) -> Plane<Float> {
    let image = Plane<Float>(
      program.arena, .image, height: format.height, width: format.width, channels: 3, padding: padding)
    let border = border(image)
    let split = RangeSplit(count: image.height, threads: program.threads)
    program.append(LayerDescription("image", .image), parts: split.parts) { [source = program.image] part, _ in
      guard let pixels = source.pixels else { return }
      border.run(part: part, of: split.parts)
      ImageInput.fill(
        image, rows: split.range(part), from: pixels, order: format.channels, divisor: format.divisor,
        mirrored: source.mirrored)
    }
    return image
  }

  private mutating func add(_ block: PackedNetwork.Block, index: Int, trunk: Plane<Float>) -> Plane<Float> {
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
    let gate = addGate(block, branch, name: name + ".se")

    var newTrunk = Plane<Float>(
      program.arena, freeTrunk(trunk), height: branch.height, width: branch.width, channels: branch.channels)
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
        convolve(convolution, trunk, newTrunk, name: name + ".shortcut")
        shortcut = UnsafePointer(newTrunk.base)
      }
    }
    let update = FloatTrunkUpdate(
      branch: branch.base, gate: gate, shortcut: shortcut, shortcutStride: stride, shortcutWidth: shortcutWidth,
      trunk: newTrunk.base, width: newTrunk.width, channels: newTrunk.channels)
    let split = RangeSplit(count: newTrunk.height, threads: program.threads)
    program.append(LayerDescription(name + ".trunk", .trunk), parts: split.parts) {
      [updateTrunk = kernels.passes.updateFloatTrunk] part, _ in updateTrunk(update, split.range(part))
    }
    tap(.trunk(index), newTrunk, channels: channels)
    return newTrunk
  }

  /// The trunk buffer that `trunk` is not in.
  private func freeTrunk(_ trunk: Plane<Float>) -> Arena.Buffer {
    trunk.base == program.arena.buffer(.trunk, count: 0, of: Float.self) ? .otherTrunk : .trunk
  }

  private mutating func addGate(
    _ block: PackedNetwork.Block, _ branch: Plane<Float>, name: String
  ) -> UnsafePointer<Float> {
    guard let squeezeExcite = block.squeezeExcite else { return ones }
    let arena = program.arena
    let weights = FloatSqueezeExcite(
      squeezeExcite, channels: block.body[block.body.count - 1].geometry.outputChannels, pixels: branch.pixels)
    let sums = arena.buffer(.sums, count: branch.channels, of: Float.self)
    let gate = SqueezeExciteGate(
      means: arena.buffer(.means, count: branch.channels, of: Float.self), channels: branch.channels,
      hiddenValues: arena.buffer(.hidden, count: weights.hidden, of: Float.self), hidden: weights.hidden,
      reduce: program.keep(weights.reduce), expand: program.keep(weights.expand), factor: ones,
      gate: arena.buffer(.gate, count: branch.channels, of: Float.self))
    let pass = FloatChannelSums(values: branch.base, pixels: branch.pixels, channels: branch.channels, sums: sums)
    let split = RangeSplit(count: branch.channels / 16, threads: program.threads)
    program.append(LayerDescription(name + ".sums", .squeezeExcite), parts: split.parts) {
      [sumChannels = kernels.passes.sumFloatChannels] part, _ in sumChannels(pass, split.range(part))
    }
    let meanScale = weights.meanScale
    program.append(LayerDescription(name, .squeezeExcite)) { [excite = kernels.passes.squeezeExcite] _, _ in
      for channel in 0..<gate.channels { gate.means[channel] = sums[channel] * meanScale }
      excite(gate)
    }
    return UnsafePointer(gate.gate)
  }

  private mutating func addHead(_ network: PackedNetwork, _ trunk: Plane<Float>) -> Program {
    let (tail, linear) = (network.tail, network.linear)
    var features = normaliseChannels(
      network.headInput, trunk, padding: tail.first?.geometry.padding ?? 0, name: "head.input")
    if !tail.isEmpty {
      tap(.tailInput, features, channels: tail[0].geometry.inputChannels)
      features = convolve(tail, features, to: .branch, name: "head.body") { .tail($0) }
    }
    tap(.headInput, features, channels: linear.geometry.inputChannels)
    let count = paddedChannels(linear.geometry.outputChannels)
    let embedding = program.arena.buffer(.embedding, count: count, of: Float.self)
    let output = FloatOutput(
      plane: OutputPlane(base: embedding, pixelBytes: 0, rowBytes: 0), bias: program.keep(linear.bias),
      slopes: program.keep(linear.slopes))
    let layer = features.layer(linear.geometry, weights: UnsafeRawPointer(program.keep(linear.weights)))
    append(
      LayerDescription(
        "head.linear", linear.geometry, .float, kernels.float.direct.name, pixels: 1, width: 1, isLinear: true),
      layer, kernels.float.direct, output, blocks: count / 16, pixels: 1, BorderFill(plane: features, pixel: zeros))
    program.append(LayerDescription("head.norm", .norm)) { _, _ in normalise(embedding, count: count) }
    return Program(program, embedding: UnsafePointer(embedding))
  }

  /// What a convolution with this padding reads: the trunk itself, where nothing is to be done.
  private mutating func normaliseChannels(
    _ affine: FloatAffine?, _ trunk: Plane<Float>, padding: Int, name: String
  ) -> Plane<Float> {
    guard affine != nil || padding > 0 else { return trunk }
    let output = Plane<Float>(
      program.arena, .convolutionInput, height: trunk.height, width: trunk.width, channels: trunk.channels,
      padding: padding)
    let pass = FloatNormalisation(
      trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
      scale: affine.map { program.keep($0.scale) } ?? ones, shift: affine.map { program.keep($0.shift) } ?? zeros,
      output: output.output)
    let border = border(output)
    let split = RangeSplit(count: trunk.height, threads: program.threads)
    program.append(LayerDescription(name, .trunk), parts: split.parts) {
      [normalise = kernels.passes.normaliseFloat] part, _ in
      normalise(pass, split.range(part))
      border.run(part: part, of: split.parts)
    }
    return output
  }

  /// A chain of convolutions; the last one's output goes to `buffer`, without a border.
  private mutating func convolve(
    _ chain: [FloatConvolution], _ input: Plane<Float>, to buffer: Arena.Buffer, name: String,
    tapName: (Int) -> Tap
  ) -> Plane<Float> {
    var plane = input
    for (position, convolution) in chain.enumerated() {
      let isLast = position == chain.count - 1
      let padding = isLast ? 0 : chain[position + 1].geometry.padding
      let output = Plane<Float>(
        program.arena, isLast ? buffer : position.isMultiple(of: 2) ? .otherConvolutionInput : .convolutionInput,
        height: convolution.geometry.outputHeight(plane.height), width: convolution.geometry.outputWidth(plane.width),
        channels: paddedChannels(convolution.geometry.outputChannels), padding: padding)
      convolve(convolution, plane, output, name: "\(name).\(position)")
      if !isLast { tap(tapName(position), output, channels: convolution.geometry.outputChannels) }
      plane = output
    }
    return plane
  }

  private mutating func convolve(
    _ convolution: FloatConvolution, _ input: Plane<Float>, _ output: Plane<Float>, name: String
  ) {
    let geometry = convolution.geometry
    let weights = program.keep(convolution.weights)
    let border = border(output)
    let epilogue = FloatOutput(
      plane: output.output, bias: program.keep(convolution.bias), slopes: program.keep(convolution.slopes))
    let float = kernels.float
    func description(_ kernel: String) -> LayerDescription {
      LayerDescription(name, geometry, .float, kernel, pixels: output.pixels, width: output.width)
    }
    let blocks = output.channels / 16
    if convolution.isWinograd {
      let winograd = FloatWinogradConvolution(
        input.winogradLayer(geometry, weights: weights), float.winograd, blocks: blocks, threads: program.threads,
        program.arena)
      program.append(description(float.winograd.name), parts: winograd.parts) {
        [kernel = float.winograd] part, worker in
        kernel.run(winograd.layer, epilogue, winograd.slice(part, worker: worker))
        border.run(part: part, of: winograd.parts)
      }
    } else if geometry.isDepthwise {
      append(
        description(float.depthwise.name), input.depthwiseLayer(geometry, weights: weights), float.depthwise, epilogue,
        blocks: blocks, pixels: output.pixels, border)
    } else {
      append(
        description(float.direct.name), input.layer(geometry, weights: UnsafeRawPointer(weights)), float.direct,
        epilogue, blocks: blocks, pixels: output.pixels, border)
    }
  }

  /// Adds the step of a convolution that `kernel` computes slice by slice.
  private mutating func append<Layer>(
    _ description: LayerDescription, _ layer: Layer, _ kernel: ConvolutionKernel<Layer, FloatOutput>,
    _ output: FloatOutput, blocks: Int, pixels: Int, _ border: BorderFill<Float>
  ) {
    let split = ConvolutionSplit(
      layer, kernel, blocks: blocks, pixels: pixels, threads: program.threads, program.arena)
    program.append(description, parts: split.parts) { part, worker in
      kernel.run(layer, output, split.slice(part, worker: worker))
      border.run(part: part, of: split.parts)
    }
  }

  private mutating func tap(_ tap: Tap, _ plane: Plane<Float>, channels: Int) {
    program.append(tap, named: "tap") { observer in plane.observe(tap, channels: channels, observer) }
  }

  private func border(_ plane: Plane<Float>) -> BorderFill<Float> { BorderFill(plane: plane, pixel: zeros) }
}
