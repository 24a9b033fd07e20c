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
    let (arena, isSummed) = (arena, squeezeExcite != nil)
    var sums: BranchSums?
    convolve(last, input, winograd, epilogue, pixels: output.pixels, name: "\(name).\(chain.count - 1)") { pixelParts in
      guard isSummed else { return .nothing }
      let memory = arena.buffer(.sums, count: pixelParts * output.channels, of: Int32.self)
      let branch = BranchSums(branch: output, sums: memory, pixelParts: pixelParts)
      sums = branch
      return .sums(branch)
    }
    return (output, sums)
  }

  /// A chain of convolutions in front of `next`.
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
      convolve(convolution, input, winograd, epilogue, pixels: output.pixels, name: name) { _ in .border(border) }
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
    let step: Int8Step =
      switch (input, geometry.isDepthwise) {
      case (.int8(let plane), false):
        if let winograd {
          .winogradToInt8(winograd, output, border)
        } else {
          .int8ToInt8(layer(convolution, plane), output, split, border)
        }
      case (.int8(let plane), true):
        .depthwiseInt8ToInt8(plane.depthwiseLayer(geometry, weights: weights), output, split, border)
      case (.int16(let plane), false): .int16ToInt8(plane.layer(geometry, weights: weights), output, split, border)
      case (.int16(let plane), true):
        .depthwiseInt16ToInt8(plane.depthwiseLayer(geometry, weights: weights), output, split, border)
      }
    append(step, description(convolution, input, pixels: pixels, name: name))
  }

  /// - Parameter extra: what the step does besides, given into how many ranges of pixels it is cut.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, _ winograd: WinogradConvolution?, _ output: Int16Output,
    pixels: Int, name: String, extra: (_ pixelParts: Int) -> Int16Extra
  ) {
    let (geometry, weights) = (convolution.geometry, convolution.weights.base)
    let split = split(geometry, input, pixels: pixels)
    let extra = extra(winograd?.bands ?? split.pixelParts)
    let step: Int8Step =
      switch (input, geometry.isDepthwise) {
      case (.int8(let plane), false):
        if let winograd {
          .winogradToInt16(winograd, output, extra)
        } else {
          .int8ToInt16(layer(convolution, plane), output, split, extra)
        }
      case (.int8(let plane), true):
        .depthwiseInt8ToInt16(plane.depthwiseLayer(geometry, weights: weights), output, split, extra)
      case (.int16(let plane), false): .int16ToInt16(plane.layer(geometry, weights: weights), output, split, extra)
      case (.int16(let plane), true):
        .depthwiseInt16ToInt16(plane.depthwiseLayer(geometry, weights: weights), output, split, extra)
      }
    append(step, description(convolution, input, pixels: pixels, name: name))
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
    if !arena.isMeasuring {
      var numbers = [Int32](repeating: 0, count: ConstantBorder.Edge.allCases.count * channels)
      numbers.withUnsafeMutableBufferPointer {
        if let base = $0.baseAddress { fill(layer, pixel, convolution.bias.base, channels / 16, base) }
      }
      let biases = Tensor(numbers)
      self.biases.append(biases)
      border.biases = biases.base
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
    if !winogradShapes.contains(shape) { winogradShapes.append(shape) }
    guard winogradChoice.isFaster(shape, on: kernels.instructionSet) else { return nil }
    let blocks = shape.outputChannels / 16
    // While sizes are learnt the weights need not be read.
    guard arena.isMeasuring || winogradIsExact(convolution, blocks: blocks, weightsPerOutput: 9 * plane.channels)
    else { return nil }
    let layer = plane.winogradLayer(geometry, weights: convolution.weights.base)
    return WinogradConvolution(layer, blocks: blocks, kernels: kernels, threads: threads.count, arena)
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
      arena, buffer, height: geometry.outputHeight(input.height), width: geometry.outputWidth(input.width),
      channels: paddedChannels(geometry.outputChannels), padding: padding)
  }

  func split(_ geometry: ConvolutionGeometry, pixels: Int, tilePixels: Int) -> ConvolutionSplit {
    ConvolutionSplit(
      blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels, tilePixels: tilePixels,
      isDepthwise: geometry.isDepthwise, threads: threads)
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
        threads: threads, arena)
    }
    var split = split(geometry, pixels: pixels, tilePixels: tilePixels(geometry, input))
    if case .int8(let plane) = input, kernels.widensInt8, !geometry.isDepthwise, pixels > 1 {
      let layer = plane.layer(geometry, weights: UnsafeRawPointer(plane.base))
      let rows = split.rowsPerPart(width: geometry.outputWidth(plane.width))
      split.addScratch(layer.widenedBytes(outputRows: rows), workers: threads.count, arena)
    }
    return split
  }

  func tilePixels(_ geometry: ConvolutionGeometry, _ input: Activations) -> Int {
    if geometry.isDepthwise { return DepthwiseLayer.tilePixels }
    return if case .int8 = input { kernels.int8TilePixels } else { kernels.int16TilePixels }
  }
}
