import SIMDKernels

/// The outputs are compared with the direct definition in double precision, within `FloatWinogradBound`.
func checkFloatWinograd(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, shape) in ConvolutionShape.winogradSweep.enumerated() where shape.stride == 1 {
    check(shape, seed: index, tables, &result)
  }
  return result
}

/// Packs weights: [output channel][kernel row][kernel column][channel] → [block of 16][channel][kernel row][kernel column][16].
private func packed(_ weights: [Float], _ shape: ConvolutionShape) -> [Float] {
  (0..<weights.count).map { index in
    let (lane, position, channel) = (index % 16, index / 16 % 9, index / 144 % shape.inputChannels)
    let output = index / 144 / shape.inputChannels * 16 + lane
    return weights[(output * 9 + position) * shape.inputChannels + channel]
  }
}

private func check(_ shape: ConvolutionShape, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let input = numbers.floats(shape.inputCount, 2)
  let weights = numbers.floats(shape.weightCount, 0.5)
  let epilogue = FloatEpilogue(channels: shape.outputChannels, &numbers)
  let (expected, tolerances) = epilogue.expected(
    floatSums(input, weights, shape).sums, FloatWinogradBound.magnitudes(input, weights, shape),
    products: shape.inputChannels + FloatWinogradBound.transformRoundings)
  let packed = padded(packed(weights, shape))
  let paddedInput = padded(input)
  for table in tables {
    // Whole, then in two parts that do not respect register tiles.
    for parts in [1, 2] {
      let output = epilogue.output(shape, paddedInput, packed, [shape.slicings[0][0]]) { window, output, slice in
        let layer = FloatWinogradLayer(
          input: window.input.assumingMemoryBound(to: Float.self), rowStride: window.rowBytes / 4,
          channels: shape.inputChannels, weights: window.weights.assumingMemoryBound(to: Float.self),
          outputHeight: shape.height, outputWidth: shape.width)
        let cut = parts == 1 ? layer.tiles : (layer.tiles + 2) / 3
        for tiles in [0..<cut, cut..<layer.tiles] where !tiles.isEmpty {
          table.float.winograd.runWithScratch(layer, output, ConvolutionSlice(blocks: slice.blocks, pixels: tiles))
        }
      }
      result.compare(
        output, expected, tolerances: tolerances,
        "\(table.float.winograd.name) \(shape.text), \(parts) parts")
    }
  }
}
