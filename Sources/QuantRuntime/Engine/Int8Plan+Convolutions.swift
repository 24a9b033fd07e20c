import SIMDKernels

extension Int8Plan {
  /// A chain of convolutions, int8 → int8 up to the last one, whose int16 output goes to `buffer`.
  ///
  /// - Parameters:
  ///   - squeezeExcite: where there is one, the output is summed over its pixels, too.
  ///   - tapName: what is behind a convolution of the chain.
  mutating func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Plane<Int8>, to buffer: Arena.Buffer,
    squeezeExcite: QuantisedSqueezeExcite?, name: String, tapName: (Int) -> Tap
  ) -> (output: Plane<Int16>, sums: BranchSums?) {
    let last = chain[chain.endIndex - 1]
    let geometry = last.geometry
    let input = convolve(chain.dropLast(), input, lastPadding: geometry.padding, name: name, tapName: tapName)
    let output: Plane<Int16> = outputPlane(buffer, of: geometry, on: input)
    func sums(pixelParts: Int) -> BranchSums? {
      guard squeezeExcite != nil else { return nil }
      let memory = arena.buffer(.sums, count: pixelParts * output.channels, of: Int32.self)
      return BranchSums(branch: output, sums: memory, pixelParts: pixelParts)
    }
    let description = LayerDescription(
      "\(name).\(chain.endIndex - 1)", geometry, .int8, pixels: output.pixels, width: output.width)
    if let winograd = winograd(last, input) {
      let sums = sums(pixelParts: winograd.bandCount)
      let epilogue = Int16Output(plane: output.output, requantisation: last.requantisation)
      append(.winogradToInt16(winograd, epilogue, sums), description)
      return (output, sums)
    }
    let epilogue = Int16Output(plane: output.output, requantisation: requantisation(last))
    let split = int8Split(geometry, input, output)
    let sums = sums(pixelParts: split.pixelParts)
    append(
      geometry.isDepthwise
        ? .depthwiseToInt16(input.depthwiseLayer(geometry, weights: last.weights.base), epilogue, split, sums)
        : .int8ToInt16(input.layer(geometry, weights: last.weights.base), epilogue, split, sums),
      description)
    return (output, sums)
  }

  /// A chain of convolutions, int8 → int8, the last output inside a border of `lastPadding`.
  mutating func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Plane<Int8>, lastPadding: Int, name: String,
    tapName: (Int) -> Tap
  ) -> Plane<Int8> {
    var plane = input
    for (position, convolution) in chain.enumerated() {
      let index = chain.startIndex + position
      plane = convolve(
        convolution, plane, into: position.isMultiple(of: 2) ? .otherConvolutionInput : .convolutionInput,
        padding: position + 1 < chain.count ? chain[index + 1].geometry.padding : lastPadding, name: "\(name).\(index)")
      tapOutput(tapName(index), convolution, plane, name: "\(name).\(index)")
    }
    return plane
  }

  mutating func tapOutput(_ tap: Tap, _ convolution: QuantisedConvolution, _ plane: Plane<Int8>, name: String) {
    guard let zero = convolution.outputZero else { preconditionFailure("checked when the model was read") }
    self.tap(tap, plane, channels: convolution.geometry.outputChannels, zero: zero, name: name)
  }

  /// int8 → int8, the output inside a border of its zero points.
  private mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Plane<Int8>, into buffer: Arena.Buffer, padding: Int, name: String
  ) -> Plane<Int8> {
    let geometry = convolution.geometry
    let output: Plane<Int8> = outputPlane(buffer, of: geometry, on: input, padding: padding)
    let description = LayerDescription(name, geometry, .int8, pixels: output.pixels, width: output.width)
    if let winograd = winograd(convolution, input) {
      let (epilogue, border) = int8Output(convolution, output, convolution.requantisation)
      append(.winogradToInt8(winograd, epilogue, border), description)
      return output
    }
    let (epilogue, border) = int8Output(convolution, output, requantisation(convolution))
    let split = int8Split(geometry, input, output)
    append(
      geometry.isDepthwise
        ? .depthwiseToInt8(input.depthwiseLayer(geometry, weights: convolution.weights.base), epilogue, split, border)
        : .int8ToInt8(input.layer(geometry, weights: convolution.weights.base), epilogue, split, border),
      description)
    return output
  }

  /// Winograd's form of a convolution, where this instruction set is faster with it and its sums are exact.
  private func winograd(_ convolution: QuantisedConvolution, _ input: Plane<Int8>) -> WinogradConvolution? {
    let geometry = convolution.geometry
    guard geometry.kernelHeight == 3, geometry.kernelWidth == 3, geometry.stride == 1, !geometry.isDepthwise,
      geometry.outputHeight(input.height) >= kernels.winogradMinimumHeight
    else { return nil }
    let blocks = paddedChannels(geometry.outputChannels) / 16
    let blockBytes = 9 * input.channels * 16
    // While sizes are learnt the weights need not be read.
    guard
      arena.isMeasuring || kernels.largestWeightSum(convolution.weights.base, blocks, blockBytes) < 1 << 18
    else { return nil }
    let layer = input.winogradLayer(geometry, weights: convolution.weights.base, flip: kernels.pixelFlip)
    return WinogradConvolution(
      layer, blocks: blocks, tilesAtOnce: kernels.transformedTiles, threads: threads.count, arena)
  }

  /// int16 → int8, the output inside a border of its zero points.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Plane<Int16>, into buffer: Arena.Buffer, padding: Int, name: String
  ) -> Plane<Int8> {
    let geometry = convolution.geometry
    let output: Plane<Int8> = outputPlane(buffer, of: geometry, on: input, padding: padding)
    let (epilogue, border) = int8Output(convolution, output, requantisation(convolution))
    append(
      .int16ToInt8(
        input.layer(geometry, weights: convolution.weights.base), epilogue,
        split(geometry, pixels: output.pixels, tilePixels: kernels.int16TilePixels), border),
      LayerDescription(name, geometry, .int16, pixels: output.pixels, width: output.width))
    return output
  }

  /// int16 → int16.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Plane<Int16>, to output: Plane<Int16>, name: String
  ) {
    let geometry = convolution.geometry
    append(
      .int16ToInt16(
        input.layer(geometry, weights: convolution.weights.base),
        Int16Output(plane: output.output, requantisation: requantisation(convolution)),
        split(geometry, pixels: output.pixels, tilePixels: kernels.int16TilePixels)),
      LayerDescription(name, geometry, .int16, pixels: output.pixels, width: output.width))
  }

  func outputPlane<Input, Output>(
    _ buffer: Arena.Buffer, of geometry: ConvolutionGeometry, on input: Plane<Input>, padding: Int = 0
  ) -> Plane<Output> {
    Plane(
      arena, buffer, height: geometry.outputHeight(input.height), width: geometry.outputWidth(input.width),
      channels: paddedChannels(geometry.outputChannels), padding: padding)
  }

  func split(_ geometry: ConvolutionGeometry, pixels: Int, tilePixels: Int) -> ConvolutionSplit {
    ConvolutionSplit(
      blocks: paddedChannels(geometry.outputChannels) / 16, pixels: pixels, tilePixels: tilePixels, threads: threads)
  }

  /// With scratch memory where the kernels want some.
  private func int8Split<Output>(
    _ geometry: ConvolutionGeometry, _ input: Plane<Int8>, _ output: Plane<Output>
  ) -> ConvolutionSplit {
    if geometry.isDepthwise {
      return split(geometry, pixels: output.pixels, tilePixels: DepthwiseLayer.tilePixels)
    }
    var split = split(geometry, pixels: output.pixels, tilePixels: kernels.int8TilePixels)
    if kernels.widensInt8, output.pixels > 1 {
      let layer = input.layer(geometry, weights: UnsafeRawPointer(input.base))
      split.addScratch(
        layer.widenedBytes(outputRows: split.rowsPerPart(width: output.width)), workers: threads.count, arena)
    }
    return split
  }

  private mutating func int8Output(
    _ convolution: QuantisedConvolution, _ output: Plane<Int8>, _ requantisation: Requantisation
  ) -> (Int8Output, BorderFill<Int8>) {
    guard let zero = convolution.outputZero else { preconditionFailure("checked when the model was read") }
    let epilogue = Int8Output(
      plane: output.output, requantisation: requantisation, zero: zero.base, flip: kernels.pixelFlip)
    return (epilogue, border(output, zero))
  }
}
