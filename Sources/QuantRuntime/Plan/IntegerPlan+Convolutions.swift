import FaceqSupport
import SIMDKernels

extension IntegerPlan {
  mutating func add(
    _ convolution: Convolution, _ layer: IntegerConvolution, _ index: Int, isLinear: Bool
  ) throws(FaceqError) {
    let output = plan.plane(index)
    var job = ConvolutionJob(
      index: index, convolution: convolution, layer: layer, input: plan.plane(graph.nodes[index].inputs[0]),
      output: output, requantisation: requantisation(layer), isLinear: isLinear)
    switch plan.form(index) {
    case .bytes:
      guard let zero = layer.zero else { throw FaceqError("\(graph.label(index)) has no zero points") }
      job.requantisation.isLinear = layer.isLinear { zero[$0] == .min }
      try add(
        job,
        Int8Output(
          plane: output.output, requantisation: job.requantisation, zero: plan.keep(zero), flip: plan.kernels.pixelFlip)
      )
    case .int16(let largest):
      let range = largest.int16Range
      let lowest = layer.isRectified ? 0 : range.lowerBound
      job.requantisation.isLinear = layer.isLinear { _ in lowest == 0 }
      try add(
        job,
        Int16Output(
          plane: output.output, requantisation: job.requantisation, lowest: lowest, highest: range.upperBound))
    case .float:
      job.requantisation.isLinear = layer.isLinear { _ in false }
      try add(job, DequantisedOutput(plane: output.output, requantisation: job.requantisation))
    }
  }

  /// A convolution that is being planned.
  struct ConvolutionJob {
    let index: Int
    let convolution: Convolution
    let layer: IntegerConvolution
    let input: Plane
    let output: Plane
    var requantisation: Requantisation
    let isLinear: Bool

    var window: Window { convolution.window }
  }

  private mutating func add<Output: IntegerOutput>(_ job: ConvolutionJob, _ output: Output) throws(FaceqError) {
    let name = graph.label(job.index)
    let kernels = plan.kernels
    func description(_ arithmetic: LayerDescription.Arithmetic, _ kernel: String) -> LayerDescription {
      LayerDescription(
        name, job.convolution, arithmetic, kernel, input: job.input, output: job.output, isLinear: job.isLinear)
    }
    let weights = job.layer.weights.base
    let outputWidth = job.output.width
    switch job.layer.weights {
    case .int8:
      if let kernel = Output.winograd(kernels.winograd), let winograd = winograd(job, kernel) {
        let finish = finish(job, ranges: winograd.bands)
        return append(description(.int8, kernel.name), winograd, kernel, output, finish)
      }
      let kernel = Output.dense(kernels.int8, isOnePixel: job.output.pixels == 1)
      append(description(.int8, kernel.name), job, layerWithBorder(job), kernel, output)
    case .int16:
      let kernel = Output.dense(kernels.int16, isOnePixel: job.output.pixels == 1)
      append(
        description(.int16, kernel.name), job, job.input.layer(job.window, weights: weights, outputWidth: outputWidth),
        kernel, output)
    case .depthwise:
      let kernel = Output.depthwise(kernels.int8)
      append(
        description(.int8, kernel.name), job,
        job.input.depthwiseLayer(job.window, weights: weights, outputWidth: outputWidth), kernel, output)
    case .depthwiseInt16:
      let kernel = Output.depthwise(kernels.int16)
      append(
        description(.int16, kernel.name), job,
        job.input.depthwiseLayer(job.window, weights: weights, outputWidth: outputWidth), kernel, output)
    case .grouped:
      let kernel = Output.grouped(kernels.int8)
      append(description(.int8, kernel.name), job, try groupedLayer(job, valueBytes: 1), kernel, output)
    case .groupedInt16:
      let kernel = Output.grouped(kernels.int16)
      append(description(.int16, kernel.name), job, try groupedLayer(job, valueBytes: 2), kernel, output)
    }
  }

  private func groupedLayer(_ job: ConvolutionJob, valueBytes: Int) throws(FaceqError) -> GroupedLayer {
    let weights = WeightOrder(
      job.convolution, inputs: job.input.channels, storedInputs: job.input.storedChannels, valueBytes: valueBytes)
    guard let order = weights.grouped else { throw FaceqError("\(graph.label(job.index)) has the weights of groups") }
    return GroupedLayer(
      window: job.input.depthwiseLayer(
        job.window, weights: job.layer.weights.base, outputWidth: job.output.width), order: order)
  }

  /// The requantisation of a convolution that reads its input as it is stored.
  private mutating func requantisation(_ layer: IntegerConvolution) -> Requantisation {
    var bias = plan.keep(layer.bias)
    // Flipped pixels are 128 too high, so the sums are 128·Σw too high.
    if plan.kernels.pixelFlip != 0, let sums = layer.weights.sums {
      bias = plan.keep(Tensor((0..<sums.count).map { layer.bias[$0] &- 128 &* sums[$0] }))
    }
    _ = plan.keep(layer.weights)
    return Requantisation(bias: bias, positive: plan.keep(layer.positive), negative: plan.keep(layer.negative))
  }

  // MARK: - Steps

  /// A part of a convolution whose outputs are there.
  struct FinishedPart {
    /// Which of how many parts it is.
    var index: Int
    var count: Int
    /// Its outputs, in the `range`-th of the ranges of pixels.
    var slice: ConvolutionSlice
    var range: Int
  }

  /// What a part does once its outputs are there: it clamps them, sums them up, and fills its share of the border.
  typealias Finish = (FinishedPart) -> Void

  /// - Parameter ranges: into how many ranges of pixels the step is cut.
  private mutating func finish(_ job: ConvolutionJob, ranges: Int) -> Finish {
    let border = border(job.index)
    if isSummedUp(job.index) {
      let sums = PixelSums(
        plane: job.output, sums: plan.zeroes(ranges * job.output.storedChannels, of: Int32.self), ranges: ranges)
      pixelSums[job.index] = sums
      return { [clamp = clamp(job), sum = plan.kernels.planes.sums.pixelsOfInt16] part in
        clamp?(part.slice)
        sum(sums.pass(part.slice, range: part.range), part.slice.blocks)
      }
    }
    guard let clamp = clamp(job) else { return { border.run(part: $0.index, of: $0.count) } }
    return { part in
      clamp(part.slice)
      border.run(part: part.index, of: part.count)
    }
  }

  /// What clamps a slice, where saturation does not.
  private mutating func clamp(_ job: ConvolutionJob) -> ((ConvolutionSlice) -> Void)? {
    let conversions = plan.kernels.planes.conversions
    if let limits = job.layer.limits {
      let pass = ClampPass(
        plane: job.output.output, width: job.output.width,
        limits: IntegerLimits(lowest: plan.keep(limits.lowest), highest: plan.keep(limits.highest)))
      return { [clamp = conversions.clampInt16] in clamp(pass, $0) }
    }
    if plan.form(job.index) == .float, let limits = job.convolution.activation.floatLimits {
      let pass = ClampPass(plane: job.output.output, width: job.output.width, limits: limits)
      return { [clamp = conversions.clampFloat] in clamp(pass, $0) }
    }
    return nil
  }

  /// Adds the step of a convolution that `kernel` computes slice by slice.
  private mutating func append<Layer, Output>(
    _ description: LayerDescription, _ job: ConvolutionJob, _ layer: Layer, _ kernel: ConvolutionKernel<Layer, Output>,
    _ output: Output
  ) {
    let split = ConvolutionSplit(
      layer, kernel, blocks: job.output.blocks, pixels: job.output.pixels, threads: plan.threads, plan.memory)
    let finish = finish(job, ranges: split.pixelParts)
    plan.append(description, parts: split.parts) { part, worker in
      let slice = split.slice(part, worker: worker)
      kernel.run(layer, output, slice)
      finish(FinishedPart(index: part, count: split.parts, slice: slice, range: split.pixelPart(part)))
    }
  }

  /// Adds the step of a convolution that is computed by Winograd, band by band.
  private mutating func append<Output: IntegerOutput>(
    _ description: LayerDescription, _ winograd: WinogradConvolution,
    _ kernel: ConvolutionKernel<WinogradLayer, Output>, _ output: Output, _ finish: @escaping Finish
  ) {
    plan.append(description, parts: winograd.parts) { part, worker in
      let band = winograd.band(part, worker: worker)
      var output = output
      output.plane.base += band.firstRow * output.plane.rowBytes
      kernel.run(band.layer, output, band.slice)
      finish(FinishedPart(index: part, count: winograd.parts, slice: band.outputs, range: band.index))
    }
  }

  // MARK: - Which kernel

  /// A dense layer of bytes, with the biases at its border where the kernels take note of them.
  private mutating func layerWithBorder(_ job: ConvolutionJob) -> ConvolutionLayer {
    var layer = job.input.layer(job.window, weights: job.layer.weights.base, outputWidth: job.output.width)
    let channels = job.output.storedChannels
    guard let fill = plan.kernels.int8.fillBorderBiases, let zero = zeros[graph.nodes[job.index].inputs[0]],
      var border = job.input.constantBorder(job.window, biases: job.layer.bias.base, output: job.output)
    else { return layer }
    var numbers = [Int32](repeating: 0, count: ConstantBorder.Edge.allCases.count * channels)
    numbers.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { fill(layer, zero.base, job.layer.bias.base, channels / 16, base) }
    }
    border.biases = plan.keep(Tensor(numbers))
    layer.border = border
    return layer
  }

  /// Winograd's form of a convolution, where it is chosen and its sums are exact.
  private mutating func winograd<Output>(
    _ job: ConvolutionJob, _ kernel: ConvolutionKernel<WinogradLayer, Output>
  ) -> WinogradConvolution? {
    let kernels = plan.kernels
    let stride = job.window.stride.height
    guard job.window.isSquare3, stride <= kernels.winograd.largestStride, kernels.packedOrder == .fours
    else { return nil }
    let shape = WinogradShape(
      inputChannels: job.input.storedChannels, outputChannels: job.output.storedChannels, stride: stride,
      height: job.output.height, width: job.output.width)
    if !plan.winogradShapes.contains(shape) { plan.winogradShapes.append(shape) }
    guard winogradChoice.isFaster(shape, on: kernels.instructionSet), isExact(job) else { return nil }
    return WinogradConvolution(
      job.input.winogradLayer(job.window, weights: job.layer.weights.base, output: job.output), kernel,
      blocks: job.output.blocks, threads: plan.threads.count, plan.memory)
  }

  /// Whether 128 · Σ|w| + |bias| < 2²⁵ for every output channel. No weight is larger than 127.
  private func isExact(_ job: ConvolutionJob) -> Bool {
    let weightsPerOutput = 9 * job.input.storedChannels
    var largestBias = 0
    for channel in 0..<job.output.storedChannels {
      largestBias = max(largestBias, Int(job.requantisation.bias[channel].magnitude))
    }
    let isExact = { (largestSum: Int) in 128 * largestSum + largestBias < 1 << 25 }
    return isExact(127 * weightsPerOutput)
      || isExact(
        Int(
          plan.kernels.winograd.largestWeightSum(
            job.layer.weights.base, job.output.blocks, 16 * weightsPerOutput)))
  }
}

extension ProgramPlan {
  /// Keeps a convolution's weights for the steps that point to them.
  fileprivate mutating func keep(_ weights: PackedWeights) -> UnsafeRawPointer {
    switch weights {
    case .int8(let values, _), .depthwise(let values), .grouped(let values, _): UnsafeRawPointer(keep(values))
    case .int16(let values, _), .depthwiseInt16(let values, _), .groupedInt16(let values, _):
      UnsafeRawPointer(keep(values))
    }
  }
}

/// An output of integer convolutions, which says what kernels write it.
private protocol IntegerOutput {
  var plane: OutputPlane { get set }
  static func dense(_ kernels: IntegerKernels, isOnePixel: Bool) -> ConvolutionKernel<ConvolutionLayer, Self>
  static func depthwise(_ kernels: IntegerKernels) -> ConvolutionKernel<DepthwiseLayer, Self>
  static func grouped(_ kernels: IntegerKernels) -> ConvolutionKernel<GroupedLayer, Self>
  /// Nil where there is none.
  static func winograd(_ kernels: WinogradKernels) -> ConvolutionKernel<WinogradLayer, Self>?
}

extension Int8Output: IntegerOutput {
  static func dense(
    _ kernels: IntegerKernels, isOnePixel: Bool
  ) -> ConvolutionKernel<ConvolutionLayer, Int8Output> { kernels.toInt8 }
  static func depthwise(_ kernels: IntegerKernels) -> ConvolutionKernel<DepthwiseLayer, Int8Output> {
    kernels.depthwiseToInt8
  }
  static func grouped(_ kernels: IntegerKernels) -> ConvolutionKernel<GroupedLayer, Int8Output> {
    kernels.groupedToInt8
  }
  static func winograd(_ kernels: WinogradKernels) -> ConvolutionKernel<WinogradLayer, Int8Output>? { kernels.toInt8 }
}

extension Int16Output: IntegerOutput {
  static func dense(
    _ kernels: IntegerKernels, isOnePixel: Bool
  ) -> ConvolutionKernel<ConvolutionLayer, Int16Output> { kernels.toInt16 }
  static func depthwise(_ kernels: IntegerKernels) -> ConvolutionKernel<DepthwiseLayer, Int16Output> {
    kernels.depthwiseToInt16
  }
  static func grouped(_ kernels: IntegerKernels) -> ConvolutionKernel<GroupedLayer, Int16Output> {
    kernels.groupedToInt16
  }
  static func winograd(_ kernels: WinogradKernels) -> ConvolutionKernel<WinogradLayer, Int16Output>? { kernels.toInt16 }
}

extension DequantisedOutput: IntegerOutput {
  static func dense(
    _ kernels: IntegerKernels, isOnePixel: Bool
  ) -> ConvolutionKernel<ConvolutionLayer, DequantisedOutput> { isOnePixel ? kernels.toFloat : kernels.planeToFloat }
  static func depthwise(_ kernels: IntegerKernels) -> ConvolutionKernel<DepthwiseLayer, DequantisedOutput> {
    kernels.depthwiseToFloat
  }
  static func grouped(_ kernels: IntegerKernels) -> ConvolutionKernel<GroupedLayer, DequantisedOutput> {
    kernels.groupedToFloat
  }
  static func winograd(_ kernels: WinogradKernels) -> ConvolutionKernel<WinogradLayer, DequantisedOutput>? { nil }
}
