import SIMDKernels

extension Int8Plan {
  /// The convolution as Winograd, nothing where it is computed directly.
  ///
  /// - Parameters:
  ///   - height, width: of the output.
  mutating func winogradPasses(
    _ convolution: QuantisedConvolution, _ input: Plane<Int8>, _ height: Int, _ width: Int
  ) -> [WinogradPass] {
    guard kernels.packedOrder == .fours, let shape = convolution.winogradShape(height: height, width: width)
    else { return [] }
    if !winogradShapes.contains(shape) { winogradShapes.append(shape) }
    guard winograd.isFaster(shape, on: kernels.instructionSet), convolution.hasWinogradSums else { return [] }
    return WinogradPass.passes(
      input.layer(convolution.geometry, weights: convolution.weights.base), shape, arena: arena, kernels: kernels,
      threads: threads)
  }

  /// int8 → int8, pass by pass.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ passes: [WinogradPass], _ output: Int8Output, _ border: BorderFill<Int8>,
    name: String
  ) {
    for (index, pass) in passes.enumerated() {
      var epilogue = output
      epilogue.plane = pass.rows(of: output.plane)
      append(.transformInput(pass), LayerDescription(name + ".winograd", .transformation))
      append(
        .transformedToInt8(pass, epilogue, index == passes.count - 1 ? border : nil),
        LayerDescription(name, convolution.geometry, pass.layer))
    }
  }

  /// int8 → int16, pass by pass.
  ///
  /// - Parameter isSummed: the output is summed over its pixels, too.
  mutating func convolve(
    _ convolution: QuantisedConvolution, _ passes: [WinogradPass], _ output: Plane<Int16>, isSummed: Bool,
    name: String
  ) -> BranchSums? {
    let requantisation = requantisation(convolution, flipped: false)
    for pass in passes {
      let epilogue = Int16Output(plane: pass.rows(of: output.output), requantisation: requantisation)
      append(.transformInput(pass), LayerDescription(name + ".winograd", .transformation))
      append(.transformedToInt16(pass, epilogue), LayerDescription(name, convolution.geometry, pass.layer))
    }
    guard isSummed else { return nil }
    let sums = arena.buffer(.sums, count: output.channels, of: Int32.self)
    append(
      .sum(
        ChannelSums(values: output.base, pixels: output.pixels, channels: output.channels, sums: sums),
        RangeSplit(count: output.channels / 16, threads: threads)),
      LayerDescription(name + ".sums", .squeezeExcite))
    return BranchSums(branch: output, sums: sums, pixelParts: 1)
  }
}
