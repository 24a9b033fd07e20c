import SIMDKernels

extension Int8Plan {
  /// A chain of convolutions, int8 → int8 up to the last one, whose int16 output goes to `buffer`.
  ///
  /// - Parameter squeezeExcite: where there is one, the output is summed over its pixels, too.
  mutating func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Plane<Int8>, to buffer: Arena.Buffer,
    squeezeExcite: QuantisedSqueezeExcite?, name: String
  ) -> (output: Plane<Int16>, sums: BranchSums?) {
    let last = chain[chain.endIndex - 1]
    let geometry = last.geometry
    let input = convolve(chain.dropLast(), input, lastPadding: geometry.padding, name: name)
    let output: Plane<Int16> = outputPlane(buffer, of: geometry, on: input)
    let name = "\(name).\(chain.endIndex - 1)"
    let passes = winogradPasses(last, input, output.height, output.width)
    if !passes.isEmpty {
      return (output, convolve(last, passes, output, isSummed: squeezeExcite != nil, name: name))
    }
    let epilogue = Int16Output(plane: output.output, requantisation: requantisation(last))
    let split = split(geometry, pixels: output.pixels, tilePixels: int8TilePixels(geometry))
    var sums: BranchSums?
    if squeezeExcite != nil {
      let memory = arena.buffer(.sums, count: split.pixelParts * output.channels, of: Int32.self)
      sums = BranchSums(branch: output, sums: memory, pixelParts: split.pixelParts)
    }
    append(
      geometry.isDepthwise
        ? .depthwiseToInt16(input.depthwiseLayer(geometry, weights: last.weights.base), epilogue, split, sums)
        : .int8ToInt16(input.layer(geometry, weights: last.weights.base), epilogue, split, sums),
      LayerDescription(name, geometry, .int8, pixels: output.pixels, width: output.width))
    return (output, sums)
  }

  /// A chain of convolutions, int8 → int8, the last output inside a border of `lastPadding`.
  mutating func convolve(
    _ chain: ArraySlice<QuantisedConvolution>, _ input: Plane<Int8>, lastPadding: Int, name: String
  ) -> Plane<Int8> {
    var plane = input
    for (position, convolution) in chain.enumerated() {
      let index = chain.startIndex + position
      plane = convolve(
        convolution, plane, into: position.isMultiple(of: 2) ? .otherConvolutionInput : .convolutionInput,
        padding: position + 1 < chain.count ? chain[index + 1].geometry.padding : lastPadding, name: "\(name).\(index)")
    }
    return plane
  }

  /// int8 → int8, the output inside a border of its zero points.
  private mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Plane<Int8>, into buffer: Arena.Buffer, padding: Int, name: String
  ) -> Plane<Int8> {
    let geometry = convolution.geometry
    let output: Plane<Int8> = outputPlane(buffer, of: geometry, on: input, padding: padding)
    let passes = winogradPasses(convolution, input, output.height, output.width)
    let (epilogue, border) = int8Output(convolution, output, flipped: passes.isEmpty)
    if !passes.isEmpty {
      convolve(convolution, passes, epilogue, border, name: name)
      return output
    }
    let split = split(geometry, pixels: output.pixels, tilePixels: int8TilePixels(geometry))
    append(
      geometry.isDepthwise
        ? .depthwiseToInt8(input.depthwiseLayer(geometry, weights: convolution.weights.base), epilogue, split, border)
        : .int8ToInt8(input.layer(geometry, weights: convolution.weights.base), epilogue, split, border),
      LayerDescription(name, geometry, .int8, pixels: output.pixels, width: output.width))
    return output
  }

  /// int16 → int8, the output inside a border of its zero points.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ input: Plane<Int16>, into buffer: Arena.Buffer, padding: Int, name: String
  ) -> Plane<Int8> {
    let geometry = convolution.geometry
    let output: Plane<Int8> = outputPlane(buffer, of: geometry, on: input, padding: padding)
    let (epilogue, border) = int8Output(convolution, output)
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

  private func int8TilePixels(_ geometry: ConvolutionGeometry) -> Int {
    geometry.isDepthwise ? DepthwiseLayer.tilePixels : kernels.int8TilePixels
  }

  private mutating func int8Output(
    _ convolution: QuantisedConvolution, _ output: Plane<Int8>, flipped: Bool = true
  ) -> (Int8Output, BorderFill<Int8>) {
    guard let zero = convolution.outputZero else { preconditionFailure("checked when the model was read") }
    let epilogue = Int8Output(
      plane: output.output, requantisation: requantisation(convolution, flipped: flipped), zero: zero.base,
      flip: kernels.pixelFlip)
    return (epilogue, border(output, zero))
  }
}
