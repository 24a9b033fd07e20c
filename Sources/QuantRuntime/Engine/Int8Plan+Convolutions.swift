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
    let (arena, isSummed) = (arena, squeezeExcite != nil)
    var sums: BranchSums?
    convolve(last, input, epilogue, pixels: output.pixels, name: "\(name).\(chain.count - 1)") { split in
      guard isSummed else { return .nothing }
      let memory = arena.buffer(.sums, count: split.pixelParts * output.channels, of: Int32.self)
      let branch = BranchSums(branch: output, sums: memory, pixelParts: split.pixelParts)
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
    let requantisation = requantisation(convolution)
    if let limit = next.largestInput {
      let output: Plane<Int16> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
      let epilogue = Int16Output(
        plane: output.output, requantisation: requantisation, lowest: -Int16(limit), highest: Int16(limit))
      let border = zeroBorder(output)
      convolve(convolution, input, epilogue, pixels: output.pixels, name: name) { _ in .border(border) }
      return .int16(output)
    }
    let output: Plane<Int8> = outputPlane(buffer, of: convolution.geometry, on: input, padding: padding)
    let zero = zeroPoints(convolution.outputZero)
    let epilogue = Int8Output(
      plane: output.output, requantisation: requantisation, zero: zero.base, flip: kernels.pixelFlip)
    convolve(convolution, input, epilogue, border(output, zero), pixels: output.pixels, name: name)
    return .int8(output)
  }

  private mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, _ output: Int8Output, _ border: BorderFill<Int8>,
    pixels: Int, name: String
  ) {
    let (geometry, weights) = (convolution.geometry, convolution.weights.base)
    let split = split(geometry, pixels: pixels, tilePixels: tilePixels(geometry, input))
    let step: Int8Step =
      switch (input, geometry.isDepthwise) {
      case (.int8(let plane), false): .int8ToInt8(plane.layer(geometry, weights: weights), output, split, border)
      case (.int8(let plane), true):
        .depthwiseInt8ToInt8(plane.depthwiseLayer(geometry, weights: weights), output, split, border)
      case (.int16(let plane), false): .int16ToInt8(plane.layer(geometry, weights: weights), output, split, border)
      case (.int16(let plane), true):
        .depthwiseInt16ToInt8(plane.depthwiseLayer(geometry, weights: weights), output, split, border)
      }
    append(step, description(convolution, input, pixels: pixels, name: name))
  }

  /// - Parameter extra: what the step does besides, as its split is.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Activations, _ output: Int16Output, pixels: Int, name: String,
    extra: (ConvolutionSplit) -> Int16Extra
  ) {
    let (geometry, weights) = (convolution.geometry, convolution.weights.base)
    let split = split(geometry, pixels: pixels, tilePixels: tilePixels(geometry, input))
    let extra = extra(split)
    let step: Int8Step =
      switch (input, geometry.isDepthwise) {
      case (.int8(let plane), false): .int8ToInt16(plane.layer(geometry, weights: weights), output, split, extra)
      case (.int8(let plane), true):
        .depthwiseInt8ToInt16(plane.depthwiseLayer(geometry, weights: weights), output, split, extra)
      case (.int16(let plane), false): .int16ToInt16(plane.layer(geometry, weights: weights), output, split, extra)
      case (.int16(let plane), true):
        .depthwiseInt16ToInt16(plane.depthwiseLayer(geometry, weights: weights), output, split, extra)
      }
    append(step, description(convolution, input, pixels: pixels, name: name))
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
      blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels, tilePixels: tilePixels, threads: threads)
  }

  func tilePixels(_ geometry: ConvolutionGeometry, _ input: Activations) -> Int {
    if geometry.isDepthwise { return DepthwiseLayer.tilePixels }
    return if case .int8 = input { kernels.int8TilePixels } else { kernels.int16TilePixels }
  }
}
