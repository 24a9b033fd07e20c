import SIMDKernels

/// Convolutions whose products with a constant border are left out: compared with the definition, which has them.
func checkBorders(_ tables: [KernelTable], _ result: inout CheckResult) {
  for values in IntegerProblem<Int8>.Values.allCases {
    for (index, shape) in ConvolutionShape.borderSweep.enumerated() {
      for isClosed in [true, false] {
        var numbers = TestNumbers(seed: index)
        let pixel: [Int8] = numbers.integers(shape.inputChannels, -128...127)
        var problem = IntegerProblem<Int8>(shape, values, weightLimit: 127, seed: index)
        problem.fillBorder(pixel, isClosed: isClosed)
        check(problem, pixel, isClosed: isClosed, tables, &result)
      }
    }
  }
}

extension ConvolutionShape {
  /// Sizes with and without pixels that no window at the border has, numbers of them around a register tile's.
  fileprivate static var borderSweep: [ConvolutionShape] {
    var shapes: [ConvolutionShape] = []
    for stride in [1, 2] {
      for width in [2, 3, 4, 7, 8, 14] {
        for height in [2, 3, 4, 7] {
          shapes.append(ConvolutionShape(stride: stride, height: height, width: width))
        }
      }
      shapes.append(
        ConvolutionShape(stride: stride, inputChannels: 48, outputBlocks: 3, height: 5, width: 9))
      shapes.append(
        ConvolutionShape(stride: stride, inputChannels: 64, outputBlocks: 2, height: 14, width: 14))
    }
    return shapes
  }

  /// The slicings into all rows, into single rows at the edges, and into pieces of rows.
  fileprivate var borderSlicings: [[ConvolutionSlice]] {
    let rows = [0..<1, 1..<height - 1, height - 1..<height].filter { !$0.isEmpty }
    return slicings + [
      rows.map {
        ConvolutionSlice(blocks: 0..<outputBlocks, pixels: $0.lowerBound * width..<$0.upperBound * width)
      }
    ]
  }
}

extension IntegerProblem<Int8> {
  /// - Parameter isClosed: the border is on all sides, not at the top and the left only.
  fileprivate mutating func fillBorder(_ pixel: [Int8], isClosed: Bool) {
    for row in 0..<shape.inputHeight {
      for column in 0..<shape.inputWidth {
        let ends = row == shape.inputHeight - 1 || column == shape.inputWidth - 1
        guard row == 0 || column == 0 || (isClosed && ends) else { continue }
        let first = (row * shape.inputWidth + column) * shape.inputChannels
        for channel in 0..<shape.inputChannels { input[first + channel] = pixel[channel] }
      }
    }
  }
}

private func check(
  _ problem: IntegerProblem<Int8>, _ pixel: [Int8], isClosed: Bool, _ tables: [KernelTable],
  _ result: inout CheckResult
) {
  let shape = problem.shape
  let reference = problem.requantisation
  let linear = reference.linear
  let sums = integerSums(problem.input, problem.weights, shape)
  for table in tables {
    guard let fill = table.int8.fillBorderBiases else { continue }
    let packed = shape.packed(problem.weights, valuesPerStep: table.packedOrder.inputs)
    var biases = [Int32](repeating: 0, count: ConstantBorder.Edge.allCases.count * shape.outputChannels)
    func compute<Output>(
      _ kernel: ConvolutionKernel<ConvolutionLayer, Output>, _ layer: ConvolutionLayer, _ output: Output,
      _ slice: ConvolutionSlice
    ) {
      withGuarded(&biases) { biases in
        withPointers(padded(pixel), reference.bias) { fill(layer, $0, $1, shape.outputBlocks, biases) }
        var layer = layer
        layer.border = ConstantBorder(
          biases: biases, outputChannels: shape.outputChannels, outputHeight: shape.height,
          isReachedAtBottom: isClosed, isReachedAtRight: isClosed)
        kernel.runWithScratch(layer, output, slice)
      }
    }
    for slices in shape.borderSlicings {
      let what =
        "\(table.int8.toInt8.name) \(table.packedOrder.rawValue) \(shape.text), \(slices.count) slices"
        + (isClosed ? ", border on all sides" : ", border at the top and the left")
      result.compare(
        output(shape, problem.input, packed, reference.bias, reference, slices) {
          layer, plane, requantisation, zero, slice in
          let output = Int8Output(plane: plane, requantisation: requantisation, zero: zero, flip: table.pixelFlip)
          compute(table.int8.toInt8, layer, output, slice)
        }, shape.plane(sums) { reference.int8($0, channel: $1) }, what + " to int8")
      result.compare(
        output(shape, problem.input, packed, linear.bias, linear, slices) {
          layer, plane, requantisation, _, slice in
          var requantisation = requantisation
          requantisation.isLinear = true
          let output = Int16Output(plane: plane, requantisation: requantisation)
          compute(table.int8.toInt16, layer, output, slice)
        }, shape.plane(sums) { linear.int16($0, channel: $1) }, what + " to int16")
    }
  }
}
