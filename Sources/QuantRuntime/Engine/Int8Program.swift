import SIMDKernels

/// The int8 network as a list of kernel calls on planned memory.
///
/// image (int16) → stem → trunk (int16); per block: trunk → int8 → convolutions → branch (int16) → gate → trunk; then trunk → int8 →
/// linear layer → embedding. `Int8Plan` lays it out.
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
  override var stepCount: Int { plan.steps.count }
  override func partCount(step: Int) -> Int { plan.steps[step].parts }

  override func run(step: Int, part: Int, worker: Int) {
    switch plan.steps[step] {
    case .image(let plane):
      guard let pixels else { return }
      ImageInput.fill(plane, from: pixels, order: input.channels, mirrored: mirrored)
    case .int8ToInt8(let layer, let output, let split, let border):
      kernels.convolveInt8ToInt8(layer, output, split.slice(part))
      border.run(part: part, of: split.parts)
    case .int8ToInt16(let layer, let output, let split, let sums):
      kernels.convolveInt8ToInt16(layer, output, split.slice(part))
      sum(sums, part, split)
    case .int8ToFloat(let layer, let output, let split): kernels.convolveInt8ToFloat(layer, output, split.slice(part))
    case .int16ToInt8(let layer, let output, let split, let border):
      kernels.convolveInt16ToInt8(layer, output, split.slice(part))
      border.run(part: part, of: split.parts)
    case .int16ToInt16(let layer, let output, let split): kernels.convolveInt16ToInt16(layer, output, split.slice(part))
    case .depthwiseToInt8(let layer, let output, let split, let border):
      kernels.depthwiseInt8ToInt8(layer, output, split.slice(part))
      border.run(part: part, of: split.parts)
    case .depthwiseToInt16(let layer, let output, let split, let sums):
      kernels.depthwiseInt8ToInt16(layer, output, split.slice(part))
      sum(sums, part, split)
    case .transformInput(let pass): kernels.transformInput(pass.layer, pass.input.range(part))
    case .transformedToInt8(let pass, let output, let border):
      kernels.convolveTransformedToInt8(pass.layer, output, pass.products.slice(part), pass.scratch(worker: worker))
      border?.run(part: part, of: pass.products.parts)
    case .transformedToInt16(let pass, let output):
      kernels.convolveTransformedToInt16(pass.layer, output, pass.products.slice(part), pass.scratch(worker: worker))
    case .sum(let pass, let split): kernels.sumChannels(pass, split.range(part))
    case .squeezeExcite(let gate, let sums, let meanScale):
      sums.fillMeans(gate.means, scale: meanScale)
      gate.run()
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
    case .normalise: normalise(plan.embedding, count: plan.embeddingCount)
    case .tap(let tap, let plane, let channels, let scale): observe(tap, plane, channels: channels, scale: scale)
    }
  }

  private func sum(_ sums: BranchSums?, _ part: Int, _ split: ConvolutionSplit) {
    guard let sums else { return }
    let (pass, blocks) = sums.pass(part, split)
    kernels.sumChannels(pass, blocks)
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
