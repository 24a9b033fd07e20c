import SIMDKernels

/// Plans an int8 network: image (int16) → stem → trunk (int16); per block: trunk → int8 → convolutions → branch (int16)
/// → gate → trunk; then trunk → int8 → linear layer → embedding. Where a layer's weights are int16, what it reads is
/// int16, too.
///
/// A step that writes what a convolution reads also fills the border around it.
struct Int8Plan {
  var program: ProgramPlan
  let kernels: KernelTable
  let winogradChoice: WinogradChoice
  /// The update of the trunk that the next step does together with the trunk's quantisation, row by row, while the row
  /// is in the cache.
  private var pendingUpdate: PendingUpdate?

  private struct PendingUpdate {
    var update: TrunkUpdate
    var layer: LayerDescription
  }

  static func program(
    _ network: QuantisedNetwork, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice, observing: Bool
  ) -> Program {
    ProgramPlan.program(threads: threads, observing: observing) { plan in
      var plan = Int8Plan(plan, kernels, winograd)
      return plan.add(network)
    }
  }

  private init(_ program: ProgramPlan, _ kernels: KernelTable, _ winograd: WinogradChoice) {
    (self.program, self.kernels, winogradChoice) = (program, kernels, winograd)
  }

  private mutating func add(_ network: QuantisedNetwork) -> Program {
    var trunk = addStem(network.stem, network.input)
    for (index, block) in network.blocks.enumerated() {
      program.addEntry(trunk)
      trunk = add(block, index: index, trunk: trunk)
    }
    program.addEntry(trunk)
    let embedding = add(network.head, trunk)
    return Program(program, embedding: embedding)
  }

  private mutating func addStem(_ stem: [QuantisedConvolution], _ format: InputFormat) -> Plane<Int16> {
    let image = Plane<Int16>(
      program.arena, .image, height: format.height, width: format.width, channels: 4,
      padding: stem[0].geometry.padding)
    let split = RangeSplit(count: image.height, threads: program.threads)
    program.append(LayerDescription("image", .image), parts: split.parts) { [source = program.image] part, _ in
      guard let pixels = source.pixels else { return }
      ImageInput.fill(
        image, rows: split.range(part), from: pixels, order: format.channels, mirrored: source.mirrored)
    }
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
      program.arena, freeTrunk(trunk), height: branch.height, width: branch.width, channels: branch.channels)
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
        convolution, .int16(trunk), Int16Output(plane: newTrunk.output, requantisation: requantisation(convolution)),
        pixels: newTrunk.pixels, name: name + ".shortcut"
      ) { _ in { _ in } }
      shortcut = UnsafePointer(newTrunk.base)
    }
    addUpdate(
      TrunkUpdate(
        branch: branch.base, gate: gate, shortcut: shortcut, shortcutStride: stride, shortcutWidth: shortcutWidth,
        rescale: ratio, trunk: newTrunk.base, width: newTrunk.width, channels: newTrunk.channels),
      LayerDescription(name + ".trunk", .trunk), height: newTrunk.height)
    let channels = block.body[block.body.count - 1].geometry.outputChannels
    program.append(.trunk(index), named: name + ".tap") { [scale = block.trunkScale] observer in
      newTrunk.observe(.trunk(index), channels: channels, scale: scale.base, observer)
    }
    return newTrunk
  }

  /// Where nobody observes, an update waits for the quantisation that follows.
  private mutating func addUpdate(_ update: TrunkUpdate, _ layer: LayerDescription, height: Int) {
    guard program.observing else {
      pendingUpdate = PendingUpdate(update: update, layer: layer)
      return
    }
    let split = RangeSplit(count: height, threads: program.threads)
    program.append(layer, parts: split.parts) { [updateTrunk = kernels.passes.updateTrunk] part, _ in
      updateTrunk(update, split.range(part))
    }
  }

  /// The trunk buffer that `trunk` is not in.
  private func freeTrunk(_ trunk: Plane<Int16>) -> Arena.Buffer {
    trunk.base == program.arena.buffer(.trunk, count: 0, of: Int16.self) ? .otherTrunk : .trunk
  }

  private mutating func addGate(
    _ block: QuantisedBlock, _ branch: Plane<Int16>, _ sums: BranchSums?, name: String
  ) -> UnsafePointer<Float> {
    guard let squeezeExcite = block.squeezeExcite, let sums else { return block.gate.base }
    let arena = program.arena
    let hidden = paddedChannels(squeezeExcite.hidden)
    let gate = SqueezeExciteGate(
      means: arena.buffer(.means, count: branch.channels, of: Float.self), channels: branch.channels,
      hiddenValues: arena.buffer(.hidden, count: hidden, of: Float.self), hidden: hidden,
      reduce: squeezeExcite.reduce.base, expand: squeezeExcite.expand.base, factor: block.gate.base,
      gate: arena.buffer(.gate, count: branch.channels, of: Float.self))
    let meanScale = squeezeExcite.meanScale.base
    program.append(LayerDescription(name, .squeezeExcite)) { [excite = kernels.passes.squeezeExcite] _, _ in
      sums.fillMeans(gate.means, scale: meanScale)
      excite(gate)
    }
    return UnsafePointer(gate.gate)
  }

  private mutating func add(_ head: QuantisedHead, _ trunk: Plane<Int16>) -> UnsafePointer<Float> {
    let linear = head.linear
    let trunkInput = quantise(head.input, trunk, for: head.body.first ?? linear, name: "head.input")
    tap(
      head.body.isEmpty ? .headInput : .tailInput, trunkInput,
      channels: (head.body.first ?? linear).geometry.inputChannels, zero: head.input.zero, name: "head.input")
    let input = convolve(
      head.body[...], trunkInput, for: linear, name: "head.body",
      tapName: { $0 == head.body.count - 1 ? .headInput : .tail($0) })
    let count = paddedChannels(head.embeddingSize)
    let embedding = program.arena.buffer(.embedding, count: count, of: Float.self)
    convolve(
      linear, input,
      DequantisedOutput(
        plane: OutputPlane(base: embedding, pixelBytes: 0, rowBytes: 0), requantisation: requantisation(linear)))
    program.append(LayerDescription("head.norm", .norm)) { _, _ in normalise(embedding, count: count) }
    return UnsafePointer(embedding)
  }

  /// Brings the trunk to what `next` reads, together with the pending update, where there is one.
  private mutating func quantise(
    _ quantiser: TrunkQuantiser, _ trunk: Plane<Int16>, for next: QuantisedConvolution, name: String
  ) -> Activations {
    let padding = next.geometry.padding
    if let limit = next.largestInput {
      let plane: Plane<Int16> = inputPlane(of: trunk, padding: padding)
      let scaling = TrunkScaling(
        trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
        scale: quantiser.scale.base, offset: quantiser.offset.base, output: plane.output,
        limit: Int16(limit))
      let scale = kernels.passes.scaleTrunk
      append(zeroBorder(plane), named: name) { scale(scaling, $0) }
      return .int16(plane)
    }
    var plane: Plane<Int8> = inputPlane(of: trunk, padding: padding)
    plane.borderPixel = zeroPoints(quantiser.zero).base
    let quantisation = TrunkQuantisation(
      trunk: trunk.base, height: trunk.height, width: trunk.width, channels: trunk.channels,
      scale: quantiser.scale.base, offset: quantiser.offset.base, output: plane.output,
      flip: kernels.pixelFlip)
    let quantise = kernels.passes.quantiseTrunk
    append(border(plane, zeroPoints(quantiser.zero)), named: name) { quantise(quantisation, $0) }
    return .int8(plane)
  }

  /// Adds a step that computes rows of the plane inside `border`, each after the pending update of the trunk's row.
  private mutating func append<Element>(
    _ border: BorderFill<Element>, named name: String, rows: @escaping (Range<Int>) -> Void
  ) {
    let split = RangeSplit(count: border.plane.height, threads: program.threads)
    guard let pending = pendingUpdate else {
      program.append(LayerDescription(name, .trunk), parts: split.parts) { part, _ in
        rows(split.range(part))
        border.run(part: part, of: split.parts)
      }
      return
    }
    pendingUpdate = nil
    let (update, updateTrunk) = (pending.update, kernels.passes.updateTrunk)
    program.append(pending.layer, parts: split.parts) { part, _ in
      for row in split.range(part) {
        updateTrunk(update, row..<row + 1)
        rows(row..<row + 1)
      }
      border.run(part: part, of: split.parts)
    }
  }

  private func inputPlane<Value>(of trunk: Plane<Int16>, padding: Int) -> Plane<Value> {
    Plane(
      program.arena, .convolutionInput, height: trunk.height, width: trunk.width, channels: trunk.channels,
      padding: padding)
  }

  /// Hands out what an int8 convolution reads, where the session observes.
  mutating func tap(_ tap: Tap, _ input: Activations, channels: Int, zero: Tensor<Int8>?, name: String) {
    guard program.observing, case .int8(let plane) = input else { return }
    program.append(tap, named: name + ".tap") { [zero = zeroPoints(zero), flip = kernels.pixelFlip] observer in
      plane.observe(tap, channels: channels, zero: zero.base, flip: flip, observer)
    }
  }

  func zeroPoints(_ zero: Tensor<Int8>?) -> Tensor<Int8> {
    guard let zero else { preconditionFailure("checked when the model was read") }
    return zero
  }

  /// What fills the border of a plane whose zero points are `zero`.
  mutating func border(_ plane: Plane<Int8>, _ zero: Tensor<Int8>) -> BorderFill<Int8> {
    let flip = kernels.pixelFlip
    guard flip != 0, plane.padding > 0 else { return BorderFill(plane: plane, pixel: zero.base) }
    return BorderFill(plane: plane, pixel: program.keep(Tensor(zero.buffer.map { $0 ^ flip })))
  }

  /// What fills the border of an int16 plane, which has no zero points.
  mutating func zeroBorder(_ plane: Plane<Int16>) -> BorderFill<Int16> {
    BorderFill(plane: plane, pixel: program.keep(Tensor([Int16](repeating: 0, count: plane.channels))))
  }

  /// The requantisation of a convolution that reads its input as it is stored.
  mutating func requantisation(_ convolution: QuantisedConvolution) -> Requantisation {
    var requantisation = convolution.requantisation
    // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
    if kernels.pixelFlip != 0, case .int8(_, let sums) = convolution.weights {
      requantisation.bias = program.keep(
        Tensor((0..<sums.count).map { convolution.bias[$0] &- 128 &* sums[$0] }))
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
