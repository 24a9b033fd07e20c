import SIMDKernels

/// Winograd's sums wrap and come out exact all the same: the outputs are compared with the direct definition.
func checkWinograd(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for values in IntegerProblem<Int8>.Values.allCases {
    for (index, shape) in ConvolutionShape.winogradSweep.enumerated() {
      // The largest weights and biases for which 128 · Σ|w| + |bias| < 2²⁵.
      let weightLimit = min(127, (1 << 18 - 1 << 8) / shape.weightsPerOutput)
      let biasLimit = Int32(1 << 25 - 1 - 128 * weightLimit * shape.weightsPerOutput)
      var problem = IntegerProblem<Int8>(shape, values, weightLimit: weightLimit, seed: index)
      problem.requantisation.bias = problem.requantisation.bias.map { min(max($0, -biasLimit), biasLimit) }
      check(problem, tables, &result)
    }
  }
  return result
}

extension ConvolutionShape {
  /// Heights and widths around one and two tiles of 4, numbers of tiles around those of a register tile, several
  /// blocks, and as many channels as int8's bound allows with weights of ±127.
  static var winogradSweep: [ConvolutionShape] {
    var shapes: [ConvolutionShape] = []
    for width in [1, 2, 3, 4, 5, 6, 7, 8, 9] {
      for height in [1, 2, 4, 5, 7] { shapes.append(ConvolutionShape(height: height, width: width)) }
    }
    for width in [1, 2, 3, 4, 5, 7, 8] {
      for height in [1, 3, 4, 7] { shapes.append(ConvolutionShape(stride: 2, height: height, width: width)) }
    }
    shapes.append(ConvolutionShape(inputChannels: 32, outputBlocks: 3, height: 14, width: 14))
    shapes.append(ConvolutionShape(stride: 2, inputChannels: 32, outputBlocks: 3, height: 14, width: 14))
    shapes.append(ConvolutionShape(stride: 2, inputChannels: 224, height: 4, width: 8))
    shapes.append(ConvolutionShape(inputChannels: 48, outputBlocks: 2, height: 7, width: 27))
    shapes.append(ConvolutionShape(inputChannels: 16, height: 22, width: 30))
    shapes.append(ConvolutionShape(inputChannels: 224, height: 4, width: 8))
    shapes.append(ConvolutionShape(inputChannels: 512, height: 7, width: 7))
    shapes.append(ConvolutionShape(inputChannels: 80, outputBlocks: 7, height: 6, width: 11))
    return shapes
  }
}

private func check(_ problem: IntegerProblem<Int8>, _ tables: [KernelTable], _ result: inout CheckResult) {
  let shape = problem.shape
  let reference = problem.requantisation
  let sums = integerSums(problem.input, problem.weights, shape)
  let packed = shape.packed(problem.weights)
  for table in tables where table.packedOrder == .fours && shape.stride <= table.winograd.largestStride {
    let input = problem.input.map { $0 ^ table.pixelFlip }
    let bias = table.pixelFlip == 0 ? reference.bias : unflippedBias(problem)
    let what = "\(table.winograd.toInt8.name) \(shape.text)"
    withGuarded(packed) { weights in
      let bytes = packed.count / shape.outputBlocks
      result.compare(
        [table.winograd.largestWeightSum(UnsafeRawPointer(weights), shape.outputBlocks, bytes)],
        [largestWeightSum(problem)], what + ", largest sum of weights")
    }
    result.compare(
      output(shape, input, packed, bias, reference, [shape.slicings[0][0]]) {
        window, plane, requantisation, zero, slice in
        let output = Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip)
        table.winograd.toInt8.runWithScratch(shape.winogradLayer(window), output, slice)
      }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
    result.compare(
      output(shape, input, packed, bias, reference, [shape.slicings[0][0]]) {
        window, plane, requantisation, _, slice in
        let output = Int16Output(plane: plane, requantisation: requantisation)
        table.winograd.toInt16.runWithScratch(shape.winogradLayer(window), output, slice)
      }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
  }
}

private func largestWeightSum(_ problem: IntegerProblem<Int8>) -> Int32 {
  var sums = [Int32](repeating: 0, count: problem.shape.outputChannels)
  for (index, weight) in problem.weights.enumerated() {
    sums[index / problem.shape.weightsPerOutput] += abs(Int32(weight))
  }
  return sums.reduce(0, max)
}

extension ConvolutionShape {
  fileprivate func winogradLayer(_ window: ConvolutionLayer) -> WinogradLayer {
    WinogradLayer(
      input: window.input.assumingMemoryBound(to: Int8.self), rowBytes: window.windowRowBytes, channels: inputChannels,
      weights: window.weights, stride: stride, outputHeight: height, outputWidth: width)
  }
}
