import SIMDKernels

func checkInt8Depthwise(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for values in IntegerProblem<Int8>.Values.allCases {
    for (index, shape) in ConvolutionShape.depthwiseSweep.enumerated() {
      check(IntegerProblem<Int8>(shape, values, weightLimit: 127, seed: index), tables, &result)
    }
  }
  return result
}

func checkInt16Depthwise(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for values in IntegerProblem<Int16>.Values.allCases {
    for (index, shape) in ConvolutionShape.depthwiseSweep.enumerated() {
      // The largest weights with which no sum leaves int32.
      let weightLimit = min(32767, (1 << 31 - 1) / (32768 * shape.kernelHeight * shape.kernelWidth))
      check(IntegerProblem<Int16>(shape, values, weightLimit: weightLimit, seed: index), tables, &result)
    }
  }
  return result
}

func checkFloatDepthwise(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, shape) in ConvolutionShape.depthwiseSweep.enumerated() {
    checkFloat(shape, seed: index, tables, &result)
  }
  return result
}

/// The problem's weights are more than enough: the first ones are used.
private func check(_ problem: IntegerProblem<Int8>, _ tables: [KernelTable], _ result: inout CheckResult) {
  let shape = problem.shape
  let weights = Array(problem.weights.prefix(shape.weightsPerOutput))
  let sums = depthwiseSums(problem.input, weights, shape)
  for table in tables {
    let input = problem.input.map { $0 ^ table.pixelFlip }
    for slices in shape.slicings {
      for (reference, isLinear) in [(problem.requantisation, false), (problem.requantisation.linear, true)] {
        let what =
          "\(table.int8.depthwiseToInt8.name) \(shape.text), \(slices.count) slices" + (isLinear ? ", linear" : "")
        result.compare(
          output(shape, input, weights, reference.bias, reference, slices) {
            window, plane, requantisation, zero, slice in
            var requantisation = requantisation
            requantisation.isLinear = isLinear
            table.int8.depthwiseToInt8.runWithScratch(
              shape.depthwiseLayer(window),
              Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip), slice)
          }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
        result.compare(
          output(shape, input, weights, reference.bias, reference, slices) {
            window, plane, requantisation, _, slice in
            var requantisation = requantisation
            requantisation.isLinear = isLinear
            table.int8.depthwiseToInt16.runWithScratch(
              shape.depthwiseLayer(window), Int16Output(plane: plane, requantisation: requantisation), slice)
          }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
      }
    }
  }
}

private func check(_ problem: IntegerProblem<Int16>, _ tables: [KernelTable], _ result: inout CheckResult) {
  let shape = problem.shape
  let reference = problem.requantisation
  let weights = Array(problem.weights.prefix(shape.weightsPerOutput))
  let sums = depthwiseSums(problem.input, weights, shape)
  for table in tables {
    for slices in shape.slicings {
      let what = "\(table.int16.depthwiseToInt8.name) \(shape.text), \(slices.count) slices"
      result.compare(
        output(shape, problem.input, weights, reference.bias, reference, slices) {
          window, plane, requantisation, zero, slice in
          table.int16.depthwiseToInt8.runWithScratch(
            shape.depthwiseLayer(window),
            Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip), slice)
        }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
      result.compare(
        output(shape, problem.input, weights, reference.bias, reference, slices) {
          window, plane, requantisation, _, slice in
          table.int16.depthwiseToInt16.runWithScratch(
            shape.depthwiseLayer(window), Int16Output(plane: plane, requantisation: requantisation), slice)
        }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
    }
  }
}

private func checkFloat(_ shape: ConvolutionShape, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let input = numbers.floats(shape.inputCount, 2)
  let weights = numbers.floats(shape.weightsPerOutput, 0.5)
  let epilogue = FloatEpilogue(channels: shape.outputChannels, &numbers)
  let (sums, magnitudes) = depthwiseSums(input, weights, shape)
  let (expected, tolerances) = epilogue.expected(
    sums, magnitudes, products: shape.kernelHeight * shape.kernelWidth)
  for table in tables {
    for slices in shape.slicings {
      let output = epilogue.output(shape, padded(input), padded(weights), slices) { window, output, slice in
        table.float.depthwise.runWithScratch(shape.depthwiseLayer(window), output, slice)
      }
      result.compare(
        output, expected, tolerances: tolerances,
        "\(table.float.depthwise.name) \(shape.text), \(slices.count) slices")
    }
  }
}
