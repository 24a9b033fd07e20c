import SIMDKernels

/// The int8 network as a list of kernel calls on planned memory.
///
/// image (int16) → stem → trunk (int16); per block: trunk → int8 → convolutions → branch (int16) → gate → trunk; then
/// trunk → int8 → linear layer → embedding. Where a layer's weights are int16, what it reads is int16 too. `Int8Plan`
/// lays it out.
final class Int8Program: EmbeddingProgram {
  private let plan: Int8Plan
  private let input: InputFormat
  private let kernels: KernelTable
  private let arena = Arena()

  init(
    _ network: QuantisedNetwork, kernels: KernelTable, threads: ThreadPlan, winograd: WinogradChoice, observing: Bool
  ) {
    input = network.input
    self.kernels = kernels
    let arena = self.arena
    func makePlan() -> Int8Plan {
      Int8Plan(network, arena, kernels: kernels, threads: threads, winograd: winograd, observing: observing)
    }
    _ = makePlan()
    arena.allocate()
    plan = makePlan()
  }

  override var embedding: UnsafePointer<Float> { UnsafePointer(plan.embedding) }
  override var arenaBytes: Int { arena.byteCount }
  override var winogradShapes: [WinogradShape] { plan.winogradShapes }
  override var layers: [LayerDescription] { plan.layers }
  override var entries: [ProgramEntry] { plan.entries }
  override var tapSteps: [Tap: Int] { plan.tapSteps }
  override var stepCount: Int { plan.steps.count }
  override func partCount(step: Int) -> Int { plan.steps[step].parts }

  override func run(step: Int, part: Int, worker: Int) {
    switch plan.steps[step] {
    case .image(let plane, let split):
      guard let pixels else { return }
      ImageInput.fill(plane, rows: split.range(part), from: pixels, order: input.channels, mirrored: mirrored)
    case .int8ToInt8(let layer, let output, let split, let border):
      kernels.convolveInt8ToInt8(layer, output, split.slice(part, worker: worker))
      border.run(part: part, of: split.parts)
    case .int8ToInt16(let layer, let output, let split, let extra):
      kernels.convolveInt8ToInt16(layer, output, split.slice(part, worker: worker))
      run(extra, split, part)
    case .int8ToFloat(let layer, let output, let split): kernels.convolveInt8ToFloat(layer, output, split.slice(part))
    case .int16ToInt8(let layer, let output, let split, let border):
      kernels.convolveInt16ToInt8(layer, output, split.slice(part, worker: worker))
      border.run(part: part, of: split.parts)
    case .int16ToInt16(let layer, let output, let split, let extra):
      kernels.convolveInt16ToInt16(layer, output, split.slice(part, worker: worker))
      run(extra, split, part)
    case .int16ToFloat(let layer, let output, let split): kernels.convolveInt16ToFloat(layer, output, split.slice(part))
    case .winogradToInt8(let winograd, var output, let border):
      let band = winograd.band(part, worker: worker)
      output.plane.base += band.firstRow * output.plane.rowBytes
      kernels.convolveWinogradToInt8(band.layer, output, band.blocks, band.scratch)
      border.run(part: part, of: winograd.parts)
    case .winogradToInt16(let winograd, var output, let extra):
      let band = winograd.band(part, worker: worker)
      output.plane.base += band.firstRow * output.plane.rowBytes
      kernels.convolveWinogradToInt16(band.layer, output, band.blocks, band.scratch)
      run(extra, band.outputs, pixelPart: band.index, part: part, of: winograd.parts)
    case .depthwiseInt8ToInt8(let layer, let output, let split, let border):
      kernels.depthwiseInt8ToInt8(layer, output, split.slice(part))
      border.run(part: part, of: split.parts)
    case .depthwiseInt8ToInt16(let layer, let output, let split, let extra):
      kernels.depthwiseInt8ToInt16(layer, output, split.slice(part))
      run(extra, split, part)
    case .depthwiseInt16ToInt8(let layer, let output, let split, let border):
      kernels.depthwiseInt16ToInt8(layer, output, split.slice(part))
      border.run(part: part, of: split.parts)
    case .depthwiseInt16ToInt16(let layer, let output, let split, let extra):
      kernels.depthwiseInt16ToInt16(layer, output, split.slice(part))
      run(extra, split, part)
    case .squeezeExcite(let gate, let sums, let meanScale):
      sums.fillMeans(gate.means, scale: meanScale)
      kernels.squeezeExcite(gate)
    case .update(let update, let split): kernels.updateTrunk(update, split.range(part))
    case .quantise(let quantisation, let split, let border):
      kernels.quantiseTrunk(quantisation, split.range(part))
      border.run(part: part, of: split.parts)
    case .updateAndQuantise(let update, let quantisation, let split, let border):
      for row in split.range(part) {
        kernels.updateTrunk(update, row..<row + 1)
        kernels.quantiseTrunk(quantisation, row..<row + 1)
      }
      border.run(part: part, of: split.parts)
    case .scale(let scaling, let split, let border):
      kernels.scaleTrunk(scaling, split.range(part))
      border.run(part: part, of: split.parts)
    case .updateAndScale(let update, let scaling, let split, let border):
      for row in split.range(part) {
        kernels.updateTrunk(update, row..<row + 1)
        kernels.scaleTrunk(scaling, row..<row + 1)
      }
      border.run(part: part, of: split.parts)
    case .normalise: normalise(plan.embedding, count: plan.embeddingCount)
    case .tap(let tap, let plane, let channels, let scale): observe(tap, plane, channels: channels, scale: scale)
    case .inputTap(let tap, let plane, let channels, let zero): observe(tap, plane, channels: channels, zero: zero)
    }
  }

  private func run(_ extra: Int16Extra, _ split: ConvolutionSplit, _ part: Int) {
    run(extra, split.slice(part), pixelPart: split.pixelPart(part), part: part, of: split.parts)
  }

  private func run(_ extra: Int16Extra, _ slice: ConvolutionSlice, pixelPart: Int, part: Int, of parts: Int) {
    switch extra {
    case .nothing: break
    case .border(let border): border.run(part: part, of: parts)
    case .sums(let sums): kernels.sumChannels(sums.pass(slice, pixelPart: pixelPart), slice.blocks)
    }
  }

  /// Hands out what a convolution reads: bytes minus zero points.
  private func observe(_ tap: Tap, _ plane: Plane<Int8>, channels: Int, zero: UnsafePointer<Int8>) {
    guard let observer else { return }
    let interior = plane.base + plane.padding * (plane.rowStride + plane.channels)
    var values = [Float](repeating: 0, count: plane.pixels * channels)
    values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<plane.height {
        for column in 0..<plane.width {
          let source = interior + row * plane.rowStride + column * plane.channels
          let pixel = base + (row * plane.width + column) * channels
          for channel in 0..<channels {
            pixel[channel] = Float(Int32(source[channel] ^ kernels.pixelFlip) - Int32(zero[channel]))
          }
        }
      }
      observer(
        TapValues(
          tap: tap, height: plane.height, width: plane.width, channels: channels, base: base,
          rowStride: plane.width * channels, pixelStride: channels))
    }
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
