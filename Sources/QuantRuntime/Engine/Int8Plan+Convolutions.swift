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
    let winograd = winograd(last, input)
    let epilogue = Int16Output(plane: output.output, requantisation: requantisation(last))
    let (arena, isSummed, sumChannels) = (program.arena, squeezeExcite != nil, kernels.sumChannels)
    var sums: BranchSums?
    convolve(last, input, winograd, epilogue, pixels: output.pixels, name: "\(name).\(chain.count - 1)") { pixelParts in
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
    let winograd = winograd(convolution, input)
    let requantisation = requantisation(convolution)
    if let limit = next.largestInput {
      let output: Plane<Int16> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
      let epilogue = Int16Output(
        plane: output.output, requantisation: requantisation, lowest: -Int16(limit), highest: Int16(limit))
      let border = zeroBorder(output)
      convolve(convolution, input, winograd, epilogue, pixels: output.pixels, name: name) { _ in
        { border.run(part: $0.index, of: $0.count) }
      }
      return .int16(output)
    }
    var output: Plane<Int8> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
    let zero = zeroPoints(convolution.outputZero)
    output.borderPixel = zero.base
    let epilogue = Int8Output(
      plane: output.output, requantisation: requantisation, zero: zero.base, flip: kernels.pixelFlip)
    convolve(convolution, input, winograd, epilogue, border(output, zero), pixels: output.pixels, name: name)
    return .int8(output)
  }

  private mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, _ winograd: WinogradConvolution?, _ output: Int8Output,
    _ border: BorderFill<Int8>, pixels: Int, name: String
  ) {
    let (geometry, weights) = (convolution.geometry, convolution.weights.base)
    let split = split(geometry, input, pixels: pixels)
    let layer = description(convolution, input, pixels: pixels, name: name)
    let finish: Finish = { border.run(part: $0.index, of: $0.count) }
    switch (input, geometry.isDepthwise) {
    case (.int8(let plane), false):
      if let winograd {
        append(layer, winograd, output, kernels.convolveWinogradToInt8, finish)
      } else {
        append(layer, self.layer(convolution, plane), output, split, kernels.convolveInt8ToInt8, finish)
      }
    case (.int8(let plane), true):
      append(
        layer, plane.depthwiseLayer(geometry, weights: weights), output, split, kernels.depthwiseInt8ToInt8, finish)
    case (.int16(let plane), false):
      append(layer, plane.layer(geometry, weights: weights), output, split, kernels.convolveInt16ToInt8, finish)
    case (.int16(let plane), true):
      append(
        layer, plane.depthwiseLayer(geometry, weights: weights), output, split, kernels.depthwiseInt16ToInt8, finish)
    }
  }

  /// - Parameter finish: given into how many ranges of pixels the step is cut, what each part does at its end.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, _ winograd: WinogradConvolution?, _ output: Int16Output,
    pixels: Int, name: String, finish: (_ pixelParts: Int) -> Finish
  ) {
    let (geometry, weights) = (convolution.geometry, convolution.weights.base)
    let split = split(geometry, input, pixels: pixels)
    let finish = finish(winograd?.bands ?? split.pixelParts)
    let layer = description(convolution, input, pixels: pixels, name: name)
    switch (input, geometry.isDepthwise) {
    case (.int8(let plane), false):
      if let winograd {
        append(layer, winograd, output, kernels.convolveWinogradToInt16, finish)
      } else {
        append(layer, self.layer(convolution, plane), output, split, kernels.convolveInt8ToInt16, finish)
      }
    case (.int8(let plane), true):
      append(
        layer, plane.depthwiseLayer(geometry, weights: weights), output, split, kernels.depthwiseInt8ToInt16, finish)
    case (.int16(let plane), false):
      append(layer, plane.layer(geometry, weights: weights), output, split, kernels.convolveInt16ToInt16, finish)
    case (.int16(let plane), true):
      append(
        layer, plane.depthwiseLayer(geometry, weights: weights), output, split, kernels.depthwiseInt16ToInt16, finish)
    }
  }

  /// The linear layer, which has one pixel.
  mutating func convolve(_ linear: QuantisedConvolution, _ input: Activations, _ output: DequantisedOutput) {
    let split = split(linear.geometry, pixels: 1, tilePixels: tilePixels(linear.geometry, input))
    let layer = LayerDescription(
      "head.linear", linear.geometry, input.arithmetic, pixels: 1, width: 1, isLinear: true)
    switch input {
    case .int8(let plane):
      append(
        layer, plane.layer(linear.geometry, weights: linear.weights.base), output, split, kernels.convolveInt8ToFloat
      ) { _ in }
    case .int16(let plane):
      append(
        layer, plane.layer(linear.geometry, weights: linear.weights.base), output, split, kernels.convolveInt16ToFloat
      ) { _ in }
    }
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
    _ description: LayerDescription, _ layer: Layer, _ output: Output, _ split: ConvolutionSplit,
    _ kernel: @escaping (Layer, Output, ConvolutionSlice) -> Void, _ finish: @escaping Finish
  ) {
    program.append(description, parts: split.parts) { part, worker in
      let slice = split.slice(part, worker: worker)
      kernel(layer, output, slice)
      finish(FinishedPart(index: part, count: split.parts, slice: slice, pixelPart: split.pixelPart(part)))
    }
  }

  /// Adds the step of a convolution that `kernel` computes by Winograd, band by band.
  private mutating func append<Output: PlaneOutput>(
    _ description: LayerDescription, _ winograd: WinogradConvolution, _ output: Output,
    _ kernel: @escaping (WinogradLayer, Output, Range<Int>, UnsafeMutableRawPointer) -> Void,
    _ finish: @escaping Finish
  ) {
    program.append(description, parts: winograd.parts) { part, worker in
      let band = winograd.band(part, worker: worker)
      var output = output
      output.plane.base += band.firstRow * output.plane.rowBytes
      kernel(band.layer, output, band.blocks, band.scratch)
      finish(FinishedPart(index: part, count: winograd.parts, slice: band.outputs, pixelPart: band.index))
    }
  }

  /// With the biases at the border, where the kernels take note of it.
  private mutating func layer(_ convolution: QuantisedConvolution, _ plane: Plane<Int8>) -> ConvolutionLayer {
    let geometry = convolution.geometry
    var layer = plane.layer(geometry, weights: convolution.weights.base)
    let channels = paddedChannels(geometry.outputChannels)
    guard let fill = kernels.fillBorderBiases, let pixel = plane.borderPixel,
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
  private mutating func winograd(_ convolution: QuantisedConvolution, _ input: Activations) -> WinogradConvolution? {
    let geometry = convolution.geometry
    guard case .int8(let plane) = input, geometry.isDense3x3,
      geometry.stride <= kernels.largestWinogradStride, kernels.packedOrder == .fours
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
    return WinogradConvolution(layer, blocks: blocks, kernels: kernels, threads: program.threads.count, program.arena)
  }

  /// Whether 128 · Σ|w| + |bias| < 2²⁵ for every output channel. No weight is larger than 127.
  private func winogradIsExact(_ convolution: QuantisedConvolution, blocks: Int, weightsPerOutput: Int) -> Bool {
    var largestBias = 0
    for channel in 0..<blocks * 16 {
      largestBias = max(largestBias, Int(convolution.requantisation.bias[channel].magnitude))
    }
    let isExact = { (largestSum: Int) in 128 * largestSum + largestBias < 1 << 25 }
    return isExact(127 * weightsPerOutput)
      || isExact(Int(kernels.largestWeightSum(convolution.weights.base, blocks, 16 * weightsPerOutput)))
  }

  private func description(
    _ convolution: QuantisedConvolution, _ input: Activations, pixels: Int, name: String
  ) -> LayerDescription {
    LayerDescription(
      name, convolution.geometry, input.arithmetic, pixels: pixels,
      width: convolution.geometry.outputWidth(input.width))
  }

  private func outputPlane<Value>(
    _ buffer: Arena.Buffer, of geometry: ConvolutionGeometry, on input: Activations, padding: Int = 0
  ) -> Plane<Value> {
    Plane(
      program.arena, buffer, height: geometry.outputHeight(input.height), width: geometry.outputWidth(input.width),
      channels: paddedChannels(geometry.outputChannels), padding: padding)
  }

  func split(_ geometry: ConvolutionGeometry, pixels: Int, tilePixels: Int) -> ConvolutionSplit {
    ConvolutionSplit(
      blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels, tilePixels: tilePixels,
      isDepthwise: geometry.isDepthwise, threads: program.threads)
  }

  /// With scratch memory where the kernels want some.
  private func split(_ geometry: ConvolutionGeometry, _ input: Activations, pixels: Int) -> ConvolutionSplit {
    if let interleaving = input.interleaving(kernels), !geometry.isDepthwise, pixels > 1 {
      var layer = input.layer(geometry)
      if case .int8(let plane) = input {
        layer.border = plane.border(geometry, biases: UnsafeRawPointer(plane.base).assumingMemoryBound(to: Int32.self))
      }
      return ConvolutionSplit(
        blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels,
        tilePixels: layer.border == nil ? tilePixels(geometry, input) : layer.outputWidth, layer, interleaving,
        threads: program.threads, program.arena)
    }
    var split = split(geometry, pixels: pixels, tilePixels: tilePixels(geometry, input))
    if case .int8(let plane) = input, kernels.widensInt8, !geometry.isDepthwise, pixels > 1 {
      let layer = plane.layer(geometry, weights: UnsafeRawPointer(plane.base))
      let rows = split.rowsPerPart(width: geometry.outputWidth(plane.width))
      split.addScratch(layer.widenedBytes(outputRows: rows), workers: program.threads.count, program.arena)
    }
    return split
  }

  func tilePixels(_ geometry: ConvolutionGeometry, _ input: Activations) -> Int {
    if geometry.isDepthwise { return DepthwiseLayer.tilePixels }
    return if case .int8 = input { kernels.int8TilePixels } else { kernels.int16TilePixels }
  }
}

/// An output whose plane a band of rows can be cut from.
private protocol PlaneOutput {
  var plane: OutputPlane { get set }
}

extension Int8Output: PlaneOutput {}
extension Int16Output: PlaneOutput {}
