import SIMDKernels

extension Int8Plan {
  /// A chain of convolutions, whose last output, int16, goes to `buffer`.
  ///
  /// - Parameters:
  ///   - squeezeExcite: where there is one, the output is summed over its pixels, too.
  ///   - tapName: of what the convolution at an index of the chain, not the last one, writes.
  mutating func convolve(
    _ chain: [QuantisedConvolution], _ input: Activations, to buffer: Arena.Buffer,
    squeezeExcite: QuantisedSqueezeExcite?, name: String, tapName: (Int) -> Tap
  ) -> (output: Plane<Int16>, sums: BranchSums?) {
    let last = chain[chain.count - 1]
    let input = convolve(chain.dropLast(), input, for: last, name: name, tapName: tapName)
    let output: Plane<Int16> = outputPlane(buffer, of: last.geometry, on: input)
    let epilogue = Int16Output(plane: output.output, requantisation: requantisation(last))
    let (arena, isSummed, sumChannels) = (program.arena, squeezeExcite != nil, kernels.passes.sumChannels)
    var sums: BranchSums?
    convolve(last, input, epilogue, pixels: output.pixels, name: "\(name).\(chain.count - 1)") { pixelParts in
      guard isSummed else { return { _ in } }
      let memory = arena.buffer(.sums, count: pixelParts * output.channels, of: Int32.self)
      let branch = BranchSums(branch: output, sums: memory, pixelParts: pixelParts)
      sums = branch
      return { sumChannels(branch.pass($0.slice, pixelPart: $0.pixelPart), $0.slice.blocks) }
    }
    return (output, sums)
  }

  /// A chain of convolutions before `next`.
  mutating func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Activations, for next: QuantisedConvolution, name: String,
    tapName: (Int) -> Tap
  ) -> Activations {
    var input = input
    for index in chain.indices {
      input = convolve(
        chain[index], input, into: index.isMultiple(of: 2) ? .otherConvolutionInput : .convolutionInput,
        for: index + 1 < chain.endIndex ? chain[index + 1] : next, name: "\(name).\(index)")
      tap(
        tapName(index), input, channels: chain[index].geometry.outputChannels, zero: chain[index].outputZero,
        name: "\(name).\(index)")
    }
    return input
  }

  /// The output as `next` reads it, inside its border.
  private mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, into buffer: Arena.Buffer,
    for next: QuantisedConvolution, name: String
  ) -> Activations {
    let padding = next.geometry.padding
    let requantisation = requantisation(convolution)
    if let limit = next.largestInput {
      let output: Plane<Int16> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
      let epilogue = Int16Output(
        plane: output.output, requantisation: requantisation, lowest: -Int16(limit), highest: Int16(limit))
      let border = zeroBorder(output)
      convolve(convolution, input, epilogue, pixels: output.pixels, name: name) { _ in
        { border.run(part: $0.index, of: $0.count) }
      }
      return .int16(output)
    }
    var output: Plane<Int8> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
    let zero = zeroPoints(convolution.outputZero)
    output.borderPixel = zero.base
    let epilogue = Int8Output(
      plane: output.output, requantisation: requantisation, zero: zero.base, flip: kernels.pixelFlip)
    let border = border(output, zero)
    convolve(convolution, input, epilogue, pixels: output.pixels, name: name) { _ in
      { border.run(part: $0.index, of: $0.count) }
    }
    return .int8(output)
  }

  /// Adds one convolution.
  ///
  /// - Parameter finish: given into how many ranges of pixels the step is cut, what each part does at its end.
  mutating func convolve<Output: IntegerOutput>(
    _ convolution: QuantisedConvolution, _ input: Activations, _ output: Output, pixels: Int, name: String,
    finish: (_ pixelParts: Int) -> Finish
  ) {
    let (geometry, weights) = (convolution.geometry, convolution.weights.base)
    let arithmetic = input.arithmetic
    func description(_ kernel: String) -> LayerDescription {
      LayerDescription(
        name, geometry, arithmetic, kernel, pixels: pixels, width: geometry.outputWidth(input.width))
    }
    switch (input, geometry.isDepthwise) {
    case (.int8(let plane), false):
      if let winograd = winograd(convolution, plane, Output.winograd(kernels.winograd)) {
        append(description(Output.winograd(kernels.winograd).name), winograd, output, finish(winograd.bands))
        // Whether the sums are exact is not known while sizes are learnt: then there is room for either kernel.
        guard program.arena.isMeasuring else { return }
      }
      let kernel = Output.dense(kernels.int8)
      append(description(kernel.name), layer(convolution, plane), kernel, output, geometry, pixels: pixels, finish)
    case (.int16(let plane), false):
      let kernel = Output.dense(kernels.int16)
      append(
        description(kernel.name), plane.layer(geometry, weights: weights), kernel, output, geometry, pixels: pixels,
        finish)
    case (.int8(let plane), true):
      let kernel = Output.depthwise(kernels.int8)
      append(
        description(kernel.name), plane.depthwiseLayer(geometry, weights: weights), kernel, output, geometry,
        pixels: pixels, finish)
    case (.int16(let plane), true):
      let kernel = Output.depthwise(kernels.int16)
      append(
        description(kernel.name), plane.depthwiseLayer(geometry, weights: weights), kernel, output, geometry,
        pixels: pixels, finish)
    }
  }

  /// Adds the linear layer, which has one pixel.
  mutating func convolve(_ linear: QuantisedConvolution, _ input: Activations, _ output: DequantisedOutput) {
    let (geometry, weights) = (linear.geometry, linear.weights.base)
    let (kernel, layer) =
      switch input {
      case .int8(let plane): (kernels.int8.toFloat, plane.layer(geometry, weights: weights))
      case .int16(let plane): (kernels.int16.toFloat, plane.layer(geometry, weights: weights))
      }
    append(
      LayerDescription(
        "head.linear", geometry, input.arithmetic, kernel.name, pixels: 1, width: 1, isLinear: true),
      layer, kernel, output, geometry, pixels: 1
    ) { _ in { _ in } }
  }

  /// A part of a convolution whose outputs are there.
  struct FinishedPart {
    /// Which of how many parts it is.
    var index: Int
    var count: Int
    /// Its outputs, in the range `pixelPart` of the ranges of pixels.
    var slice: ConvolutionSlice
    var pixelPart: Int
  }

  /// What a part does once its outputs are there: it fills its share of a border, or sums up channels.
  typealias Finish = (FinishedPart) -> Void

  /// Adds the step of a convolution that `kernel` computes slice by slice.
  private mutating func append<Layer, Output>(
    _ description: LayerDescription, _ layer: Layer, _ kernel: ConvolutionKernel<Layer, Output>, _ output: Output,
    _ geometry: ConvolutionGeometry, pixels: Int, _ finish: (_ pixelParts: Int) -> Finish
  ) {
    let split = ConvolutionSplit(
      layer, kernel, blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels, threads: program.threads,
      program.arena)
    let finish = finish(split.pixelParts)
    program.append(description, parts: split.parts) { part, worker in
      let slice = split.slice(part, worker: worker)
      kernel.run(layer, output, slice)
      finish(FinishedPart(index: part, count: split.parts, slice: slice, pixelPart: split.pixelPart(part)))
    }
  }

  /// Adds the step of a convolution that is computed by Winograd, band by band.
  private mutating func append<Output: IntegerOutput>(
    _ description: LayerDescription, _ winograd: WinogradConvolution, _ output: Output, _ finish: @escaping Finish
  ) {
    program.append(description, parts: winograd.parts) { [kernel = Output.winograd(kernels.winograd)] part, worker in
      let band = winograd.band(part, worker: worker)
      var output = output
      output.plane.base += band.firstRow * output.plane.rowBytes
      kernel.run(band.layer, output, band.slice)
      finish(FinishedPart(index: part, count: winograd.parts, slice: band.outputs, pixelPart: band.index))
    }
  }

  /// The layer of a convolution, with the biases at the border where the kernels take note of them.
  private mutating func layer(_ convolution: QuantisedConvolution, _ plane: Plane<Int8>) -> ConvolutionLayer {
    let geometry = convolution.geometry
    var layer = plane.layer(geometry, weights: convolution.weights.base)
    let channels = paddedChannels(geometry.outputChannels)
    guard let fill = kernels.int8.fillBorderBiases, let pixel = plane.borderPixel,
      var border = plane.border(geometry, biases: convolution.bias.base)
    else { return layer }
    // While sizes are learnt the weights need not be read.
    if !program.arena.isMeasuring {
      var numbers = [Int32](repeating: 0, count: ConstantBorder.Edge.allCases.count * channels)
      numbers.withUnsafeMutableBufferPointer {
        if let base = $0.baseAddress { fill(layer, pixel, convolution.bias.base, channels / 16, base) }
      }
      border.biases = program.keep(Tensor(numbers))
    }
    layer.border = border
    return layer
  }

  /// Winograd's form of a convolution, where it is chosen and its sums are exact.
  private mutating func winograd<Output>(
    _ convolution: QuantisedConvolution, _ plane: Plane<Int8>, _ kernel: ConvolutionKernel<WinogradLayer, Output>
  ) -> WinogradConvolution? {
    let geometry = convolution.geometry
    guard geometry.isDense3x3, geometry.stride <= kernels.winograd.largestStride, kernels.packedOrder == .fours
    else { return nil }
    let shape = WinogradShape(
      inputChannels: plane.channels, outputChannels: paddedChannels(geometry.outputChannels),
      stride: geometry.stride, height: geometry.outputHeight(plane.height), width: geometry.outputWidth(plane.width))
    if !program.winogradShapes.contains(shape) { program.winogradShapes.append(shape) }
    guard winogradChoice.isFaster(shape, on: kernels.instructionSet) else { return nil }
    let blocks = shape.outputChannels / 16
    // While sizes are learnt the weights need not be read.
    guard program.arena.isMeasuring || winogradIsExact(convolution, blocks: blocks, weightsPerOutput: 9 * plane.channels)
    else { return nil }
    let layer = plane.winogradLayer(geometry, weights: convolution.weights.base)
    return WinogradConvolution(layer, kernel, blocks: blocks, threads: program.threads.count, program.arena)
  }

  /// Whether 128 · Σ|w| + |bias| < 2²⁵ for every output channel. No weight is larger than 127.
  private func winogradIsExact(_ convolution: QuantisedConvolution, blocks: Int, weightsPerOutput: Int) -> Bool {
    var largestBias = 0
    for channel in 0..<blocks * 16 {
      largestBias = max(largestBias, Int(convolution.requantisation.bias[channel].magnitude))
    }
    let isExact = { (largestSum: Int) in 128 * largestSum + largestBias < 1 << 25 }
    return isExact(127 * weightsPerOutput)
      || isExact(Int(kernels.winograd.largestWeightSum(convolution.weights.base, blocks, 16 * weightsPerOutput)))
  }

  private func outputPlane<Value>(
    _ buffer: Arena.Buffer, of geometry: ConvolutionGeometry, on input: Activations, padding: Int = 0
  ) -> Plane<Value> {
    Plane(
      program.arena, buffer, height: geometry.outputHeight(input.height), width: geometry.outputWidth(input.width),
      channels: paddedChannels(geometry.outputChannels), padding: padding)
  }
}

/// An output of integer convolutions, which says what kernels write it.
protocol IntegerOutput {
  var plane: OutputPlane { get set }
  static func dense(_ kernels: IntegerKernels) -> ConvolutionKernel<ConvolutionLayer, Self>
  static func depthwise(_ kernels: IntegerKernels) -> ConvolutionKernel<DepthwiseLayer, Self>
  static func winograd(_ kernels: WinogradKernels) -> ConvolutionKernel<WinogradLayer, Self>
}

extension Int8Output: IntegerOutput {
  static func dense(_ kernels: IntegerKernels) -> ConvolutionKernel<ConvolutionLayer, Int8Output> { kernels.toInt8 }
  static func depthwise(_ kernels: IntegerKernels) -> ConvolutionKernel<DepthwiseLayer, Int8Output> {
    kernels.depthwiseToInt8
  }
  static func winograd(_ kernels: WinogradKernels) -> ConvolutionKernel<WinogradLayer, Int8Output> { kernels.toInt8 }
}

extension Int16Output: IntegerOutput {
  static func dense(_ kernels: IntegerKernels) -> ConvolutionKernel<ConvolutionLayer, Int16Output> { kernels.toInt16 }
  static func depthwise(_ kernels: IntegerKernels) -> ConvolutionKernel<DepthwiseLayer, Int16Output> {
    kernels.depthwiseToInt16
  }
  static func winograd(_ kernels: WinogradKernels) -> ConvolutionKernel<WinogradLayer, Int16Output> { kernels.toInt16 }
}
