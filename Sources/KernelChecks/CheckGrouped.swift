import SIMDKernels

func checkInt8Grouped(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for values in IntegerProblem<Int8>.Values.allCases {
    for (index, shape) in GroupedShape.sweep.enumerated() { check(shape, values, seed: index, tables, &result) }
  }
  return result
}

func checkInt16Grouped(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for values in IntegerProblem<Int16>.Values.allCases {
    for (index, shape) in GroupedShape.sweep.enumerated() { check(shape, values, seed: index, tables, &result) }
  }
  return result
}

func checkFloatGrouped(_ tables: [KernelTable]) -> CheckResult {
  var result = CheckResult()
  for (index, shape) in GroupedShape.sweep.enumerated() { checkFloat(shape, seed: index, tables, &result) }
  return result
}

/// A grouped convolution over an input that already has its border.
private struct GroupedShape {
  /// The planes, with channels as stored.
  var planes: ConvolutionShape
  var groups: Int
  /// The numbers of inputs and outputs of each group.
  var inputs: Int
  var outputs: Int

  init(
    _ groups: Int, _ inputs: Int, _ outputs: Int, kernel: (Int, Int) = (3, 3), stride: Int = 1, height: Int = 2,
    width: Int = 3
  ) {
    (self.groups, self.inputs, self.outputs) = (groups, inputs, outputs)
    planes = ConvolutionShape(
      kernel: kernel, stride: stride, inputChannels: (groups * inputs + 15) / 16 * 16,
      outputBlocks: (groups * outputs + 15) / 16, height: height, width: width)
  }

  func order(valueBytes: Int) -> GroupedOrder {
    GroupedOrder(groups: groups, inputs: inputs, outputs: outputs, valueBytes: valueBytes)
  }

  var positions: Int { planes.kernelHeight * planes.kernelWidth }
  var weightCount: Int { groups * outputs * positions * inputs }
  var text: String { "\(groups) groups of \(inputs)→\(outputs), \(planes.text)" }

  /// Shapes of all widths that are lanes, and outputs and inputs that are not, that lie across blocks of 16, and that are
  /// multiples of them; channels that do not fill the last block; widths around those of tiles; kernels of odd and even
  /// size.
  static var sweep: [GroupedShape] {
    var shapes: [GroupedShape] = []
    for width in [2, 4, 8] {
      for pixels in [1, 2, 3, 4, 5, 9] {
        shapes.append(GroupedShape(16 / width, width, width, stride: pixels % 2 + 1, height: 1, width: pixels))
      }
      shapes.append(GroupedShape(64 / width, width, width, height: 3, width: 5))
      shapes.append(GroupedShape(40 / width, width, width, kernel: (1, 1), height: 2, width: 7))
      shapes.append(GroupedShape(3, width, width, kernel: (2, 3), stride: 2))
      shapes.append(GroupedShape(32 / width, width, width, kernel: (5, 1)))
    }
    for (groups, inputs, outputs) in [
      (2, 1, 3), (20, 1, 2), (3, 2, 4), (9, 2, 3), (7, 3, 1), (5, 3, 3), (12, 4, 2), (6, 5, 7), (3, 6, 6), (2, 8, 16),
      (4, 8, 12), (2, 16, 16), (4, 16, 16), (2, 16, 8), (3, 16, 24), (3, 24, 24), (2, 32, 16), (2, 32, 32), (2, 48, 48),
      (5, 40, 8), (2, 33, 31),
    ] {
      shapes.append(GroupedShape(groups, inputs, outputs))
      shapes.append(GroupedShape(groups, inputs, outputs, kernel: (1, 1), stride: 2, height: 1, width: 13))
    }
    return shapes
  }
}

private func check<Value: FixedWidthInteger>(
  _ grouped: GroupedShape, _ values: IntegerProblem<Value>.Values, seed: Int, _ tables: [KernelTable],
  _ result: inout CheckResult
) {
  let shape = grouped.planes
  let bytes = MemoryLayout<Value>.stride
  let order = grouped.order(valueBytes: bytes)
  // The largest weights with which no sum leaves int32.
  let weightLimit = bytes == 1 ? 127 : min(32767, (1 << 31 - 1) / (32768 * grouped.positions * grouped.inputs))
  let problem = IntegerProblem<Value>(shape, values, weightLimit: weightLimit, seed: seed)
  let weights = Array(problem.weights.prefix(grouped.weightCount))
  let packed = order.packed(weights, positions: grouped.positions)
  let reference = problem.requantisation
  let sums = groupedSums(problem.input, weights, shape, order)
  for table in tables {
    let flip = bytes == 1 ? Value(truncatingIfNeeded: table.pixelFlip) : 0
    var bias = reference.bias
    if flip != 0 {
      for (index, weight) in weights.enumerated() {
        bias[index / (grouped.positions * grouped.inputs)] &-= 128 &* Int32(weight)
      }
    }
    let input = problem.input.map { $0 ^ flip }
    let kernels = bytes == 1 ? table.int8 : table.int16
    for slices in shape.slicings {
      let what = "\(kernels.groupedToInt8.name), \(grouped.text), \(slices.count) slices"
      result.compare(
        output(shape, input, packed, bias, reference, slices) { window, plane, requantisation, zero, slice in
          kernels.groupedToInt8.run(
            GroupedLayer(window: shape.depthwiseLayer(window), order: order),
            Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip), slice)
        }, shape.plane(sums) { reference.int8($0, channel: $1) ^ table.pixelFlip }, what + " to int8")
      result.compare(
        output(shape, input, packed, bias, reference, slices) { window, plane, requantisation, _, slice in
          kernels.groupedToInt16.run(
            GroupedLayer(window: shape.depthwiseLayer(window), order: order),
            Int16Output(plane: plane, requantisation: requantisation), slice)
        }, shape.plane(sums) { reference.int16($0, channel: $1) }, what + " to int16")
      result.compare(
        output(shape, input, packed, bias, reference, slices) { window, plane, requantisation, _, slice in
          kernels.groupedToFloat.run(
            GroupedLayer(window: shape.depthwiseLayer(window), order: order),
            DequantisedOutput(plane: plane, requantisation: requantisation), slice)
        }, shape.plane(sums) { reference.scaled($0, channel: $1).bitPattern }, what + " to float")
    }
  }
}

private func checkFloat(_ grouped: GroupedShape, seed: Int, _ tables: [KernelTable], _ result: inout CheckResult) {
  var numbers = TestNumbers(seed: seed)
  let shape = grouped.planes
  let order = grouped.order(valueBytes: 4)
  let input = numbers.floats(shape.inputCount, 2)
  let weights = numbers.floats(grouped.weightCount, 0.5)
  let packed = order.packed(weights, positions: grouped.positions)
  let epilogue = FloatEpilogue(channels: shape.outputChannels, &numbers)
  let (sums, magnitudes) = groupedSums(input, weights, shape, order)
  // Zeros are added, too.
  let (expected, tolerances) = epilogue.expected(
    sums, magnitudes, products: order.weightsPerPosition / shape.outputChannels * grouped.positions)
  for table in tables {
    for slices in shape.slicings {
      let output = epilogue.output(shape, padded(input), padded(packed), slices) { window, output, slice in
        table.float.grouped.run(GroupedLayer(window: shape.depthwiseLayer(window), order: order), output, slice)
      }
      result.compare(
        output, expected, tolerances: tolerances,
        "\(table.float.grouped.name), \(grouped.text), \(slices.count) slices")
    }
  }
}
