import SIMDKernels

func checkInt8Convolution(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for values in IntegerProblem<Int8>.Values.allCases {
    for (index, shape) in (ConvolutionShape.sweep + [.longestSums]).enumerated() {
      check(IntegerProblem<Int8>(shape, values, weightLimit: 127, seed: index), tables, &result)
    }
  }
  checkBorders(tables, &result)
  return result
}

func checkInt16Convolution(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  let stems =
    [1, 2, 7, 13].map {
      ConvolutionShape(stride: $0 % 2 + 1, inputChannels: 4, outputBlocks: 2, height: 3, width: $0)
    } + [
      ConvolutionShape(kernel: (7, 7), stride: 2, inputChannels: 4, height: 3, width: 5),
      ConvolutionShape(kernel: (1, 1), inputChannels: 4, height: 3, width: 4),
    ]
  for values in IntegerProblem<Int16>.Values.allCases {
    for (index, shape) in (stems + ConvolutionShape.sweep + [.longestSums]).enumerated() {
      // The largest weights with which no sum leaves int32.
      let weightLimit = (1 << 31 - 1) / (32768 * shape.weightsPerOutput)
      check(IntegerProblem<Int16>(shape, values, weightLimit: weightLimit, seed: index), tables, &result)
    }
  }
  return result
}

func checkFloatConvolution(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  let stems = [1, 2, 7, 13].map {
    ConvolutionShape(stride: $0 % 2 + 1, inputChannels: 3, outputBlocks: 2, height: 3, width: $0)
  }
  for (index, shape) in (stems + ConvolutionShape.sweep).enumerated() {
    checkFloat(shape, seed: index, tables, &result)
  }
  return result
}

extension ConvolutionShape {
  fileprivate static let longestSums = ConvolutionShape(kernel: (7, 7), inputChannels: 112, height: 1, width: 1)
}

private func check(_ problem: IntegerProblem<Int8>, _ tables: [KernelTable], _ result: inout CheckResult) {
  let shape = problem.shape
  let reference = problem.requantisation
  let sums = integerSums(problem.input, problem.weights, shape)
  for table in tables {
    let packed = shape.packed(problem.weights, valuesPerStep: table.packedOrder.inputs)
    let input = problem.input.map { $0 ^ table.pixelFlip }
    let bias = table.pixelFlip == 0 ? reference.bias : unflippedBias(problem)
    for slices in shape.slicings {
      let what = "\(table.int8.toInt8.name) \(table.packedOrder.rawValue) \(shape.text), \(slices.count) slices"
      result.compare(
        output(shape, input, packed, bias, reference, slices) { layer, plane, requantisation, zero, slice in
          let output = Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip)
          table.int8.toInt8.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
      result.compare(
        output(shape, input, packed, bias, reference, slices) { layer, plane, requantisation, _, slice in
          let output = Int16Output(plane: plane, requantisation: requantisation)
          table.int8.toInt16.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
      result.compare(
        output(shape, input, packed, bias, reference, slices) { layer, plane, requantisation, _, slice in
          let output = DequantisedOutput(plane: plane, requantisation: requantisation)
          table.int8.toFloat.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.scaled($0, channel: $1).bitPattern }, what + " to float")
      result.compare(
        output(shape, input, packed, bias, reference, slices) { layer, plane, requantisation, _, slice in
          let output = DequantisedOutput(plane: plane, requantisation: requantisation)
          table.int8.planeToFloat.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.scaled($0, channel: $1).bitPattern }, what + " to float planes")
    }
  }
}

extension ConvolutionKernel {
  /// Computes a slice with scratch memory of exactly the size that the kernel asks for.
  func runWithScratch(_ layer: Layer, _ output: Output, _ slice: ConvolutionSlice) {
    let bytes = scratchBytes(layer, slice.pixels.count)
    guard bytes > 0 else { return run(layer, output, slice) }
    var slice = slice
    let scratch = GuardedMemory(byteCount: bytes, alignment: 64)
    defer { scratch.release() }
    slice.scratch = scratch.base
    run(layer, output, slice)
  }
}

/// Flipped pixels are 128 too high, so the sums are 128·Σw too high.
func unflippedBias(_ problem: IntegerProblem<Int8>) -> [Int32] {
  let perOutput = problem.shape.weightsPerOutput
  var bias = problem.requantisation.bias
  for (index, weight) in problem.weights.enumerated() { bias[index / perOutput] &-= 128 &* Int32(weight) }
  return bias
}

private func check(_ problem: IntegerProblem<Int16>, _ tables: [KernelTable], _ result: inout CheckResult) {
  let shape = problem.shape
  let reference = problem.requantisation
  let sums = integerSums(problem.input, problem.weights, shape)
  let packed = shape.packed(problem.weights)
  for table in tables {
    for slices in shape.slicings {
      let what = "\(table.int16.toInt16.name) \(shape.text), \(slices.count) slices"
      result.compare(
        output(shape, problem.input, packed, reference.bias, reference, slices) {
          layer, plane, requantisation, _, slice in
          let output = Int16Output(plane: plane, requantisation: requantisation)
          table.int16.toInt16.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
      result.compare(
        output(shape, problem.input, packed, reference.bias, reference, slices) {
          layer, plane, requantisation, zero, slice in
          let output = Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip)
          table.int16.toInt8.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
      result.compare(
        output(shape, problem.input, packed, reference.bias, reference, slices) {
          layer, plane, requantisation, _, slice in
          let output = Int16Output(plane: plane, requantisation: requantisation, lowest: -1527, highest: 1527)
          table.int16.toInt16.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.int16($0, channel: $1, limit: 1527) }, what + " to limited int16")
      result.compare(
        output(shape, problem.input, packed, reference.bias, reference, slices) {
          layer, plane, requantisation, _, slice in
          let output = DequantisedOutput(plane: plane, requantisation: requantisation)
          table.int16.toFloat.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.scaled($0, channel: $1).bitPattern }, what + " to float")
      result.compare(
        output(shape, problem.input, packed, reference.bias, reference, slices) {
          layer, plane, requantisation, _, slice in
          let output = DequantisedOutput(plane: plane, requantisation: requantisation)
          table.int16.planeToFloat.runWithScratch(layer, output, slice)
        }, shape.plane(sums) { reference.scaled($0, channel: $1).bitPattern }, what + " to float planes")
    }
  }
}

private func checkFloat(_ shape: ConvolutionShape, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let input = numbers.floats(shape.inputCount, 2)
  let weights = numbers.floats(shape.weightCount, 0.5)
  let epilogue = FloatEpilogue(channels: shape.outputChannels, &numbers)
  let (sums, magnitudes) = floatSums(input, weights, shape)
  let (expected, tolerances) = epilogue.expected(sums, magnitudes, products: shape.weightsPerOutput)
  let packed = padded(shape.packed(weights))
  let paddedInput = padded(input)
  for table in tables {
    for slices in shape.slicings {
      let output = epilogue.output(shape, paddedInput, packed, slices) { table.float.direct.runWithScratch($0, $1, $2) }
      result.compare(
        output, expected, tolerances: tolerances,
        "\(table.float.direct.name) \(shape.text), \(slices.count) slices")
    }
  }
}
