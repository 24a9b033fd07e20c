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
      let what =
        "\(table.instructionSet.rawValue), int8 \(table.packedOrder.rawValue) \(shape.text), \(slices.count) slices"
      for prepares in table.widensInt8 || table.interleaving != nil ? [false, true] : [false] {
        let what = what + (prepares ? ", in scratch memory" : "")
        result.compare(
          output(shape, input, packed, bias, reference, slices) { layer, plane, requantisation, zero, slice in
            let output = Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip)
            withScratch(prepares ? scratchBytes(table, layer, shape, slice) : nil, slice) {
              table.convolveInt8ToInt8(layer, output, $0)
            }
          }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
        result.compare(
          output(shape, input, packed, bias, reference, slices) { layer, plane, requantisation, _, slice in
            let output = Int16Output(plane: plane, requantisation: requantisation)
            withScratch(prepares ? scratchBytes(table, layer, shape, slice) : nil, slice) {
              table.convolveInt8ToInt16(layer, output, $0)
            }
          }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
      }
      result.compare(
        output(shape, input, packed, bias, reference, slices) { layer, plane, requantisation, _, slice in
          table.convolveInt8ToFloat(layer, DequantisedOutput(plane: plane, requantisation: requantisation), slice)
        }, shape.plane(sums) { reference.scaled($0, channel: $1).bitPattern }, what + " to float")
    }
  }
}

func scratchBytes(
  _ table: KernelTable, _ layer: ConvolutionLayer, _ shape: ConvolutionShape, _ slice: ConvolutionSlice
) -> Int {
  table.interleaving?.scratchBytes(layer, pixels: slice.pixels.count) ?? layer.widenedBytes(outputRows: shape.height)
}

/// Calls `body` with the slice and scratch memory of so many bytes, where there are any.
func withScratch(_ bytes: Int?, _ slice: ConvolutionSlice, _ body: (ConvolutionSlice) -> Void) {
  guard let bytes else { return body(slice) }
  var slice = slice
  let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
  defer { scratch.deallocate() }
  slice.scratch = scratch
  body(slice)
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
      let what = "\(table.instructionSet.rawValue), int16 \(shape.text), \(slices.count) slices"
      for prepares in table.int16Interleaving != nil ? [false, true] : [false] {
        let what = what + (prepares ? ", in scratch memory" : "")
        func scratchBytes(_ layer: ConvolutionLayer, _ slice: ConvolutionSlice) -> Int? {
          prepares ? table.int16Interleaving?.scratchBytes(layer, pixels: slice.pixels.count) : nil
        }
        result.compare(
          output(shape, problem.input, packed, reference.bias, reference, slices) {
            layer, plane, requantisation, _, slice in
            withScratch(scratchBytes(layer, slice), slice) {
              table.convolveInt16ToInt16(layer, Int16Output(plane: plane, requantisation: requantisation), $0)
            }
          }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
        result.compare(
          output(shape, problem.input, packed, reference.bias, reference, slices) {
            layer, plane, requantisation, zero, slice in
            let output = Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip)
            withScratch(scratchBytes(layer, slice), slice) { table.convolveInt16ToInt8(layer, output, $0) }
          }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
        result.compare(
          output(shape, problem.input, packed, reference.bias, reference, slices) {
            layer, plane, requantisation, _, slice in
            let output = Int16Output(plane: plane, requantisation: requantisation, lowest: -1527, highest: 1527)
            withScratch(scratchBytes(layer, slice), slice) { table.convolveInt16ToInt16(layer, output, $0) }
          }, shape.plane(sums) { reference.int16($0, channel: $1, limit: 1527) }, what + " to limited int16")
      }
      result.compare(
        output(shape, problem.input, packed, reference.bias, reference, slices) {
          layer, plane, requantisation, _, slice in
          table.convolveInt16ToFloat(layer, DequantisedOutput(plane: plane, requantisation: requantisation), slice)
        }, shape.plane(sums) { reference.scaled($0, channel: $1).bitPattern }, what + " to float")
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
      let output = epilogue.output(shape, paddedInput, packed, slices) { table.convolveFloat($0, $1, $2) }
      result.compare(
        output, expected, tolerances: tolerances,
        "\(table.instructionSet.rawValue), float \(shape.text), \(slices.count) slices")
    }
  }
}
