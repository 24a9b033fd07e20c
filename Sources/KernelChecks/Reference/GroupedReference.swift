import SIMDKernels

extension ConvolutionShape {
  /// Calls `body` with the indices of every input and weight whose product is part of one output of a grouped
  /// convolution. Weights are [output channel][kernel row][kernel column][input channel of the group].
  func forEachGroupedProduct(
    _ order: GroupedOrder, pixel: Int, output: Int, _ body: (_ input: Int, _ weight: Int) -> Void
  ) {
    guard output < order.groups * order.outputs else { return }
    let (row, column) = (pixel / width, pixel % width)
    let firstInput = output / order.outputs * order.inputs
    for kernelRow in 0..<kernelHeight {
      for kernelColumn in 0..<kernelWidth {
        let position = (row * stride + kernelRow) * inputWidth + column * stride + kernelColumn
        let weight = (output * kernelHeight + kernelRow) * kernelWidth + kernelColumn
        for input in 0..<order.inputs {
          body(position * inputChannels + firstInput + input, weight * order.inputs + input)
        }
      }
    }
  }
}

/// The sums of an integer grouped convolution, the definition: `sum[pixel][out] = Σ input · weights` over the window's
/// channels of the output's group, modulo 2³². There is nothing after the last output.
func groupedSums<Value: FixedWidthInteger>(
  _ input: [Value], _ weights: [Value], _ shape: ConvolutionShape, _ order: GroupedOrder
) -> [Int32] {
  var sums: [Int32] = []
  for pixel in 0..<shape.pixels {
    for output in 0..<shape.outputChannels {
      var sum: Int32 = 0
      shape.forEachGroupedProduct(order, pixel: pixel, output: output) {
        sum &+= Int32(input[$0]) &* Int32(weights[$1])
      }
      sums.append(sum)
    }
  }
  return sums
}

/// The sums of a float grouped convolution in double precision, and the sums of the products' magnitudes.
func groupedSums(
  _ input: [Float], _ weights: [Float], _ shape: ConvolutionShape, _ order: GroupedOrder
) -> (sums: [Double], magnitudes: [Double]) {
  var (sums, magnitudes): ([Double], [Double]) = ([], [])
  for pixel in 0..<shape.pixels {
    for output in 0..<shape.outputChannels {
      var (sum, magnitude) = (0.0, 0.0)
      shape.forEachGroupedProduct(order, pixel: pixel, output: output) {
        let product = Double(input[$0]) * Double(weights[$1])
        sum += product
        magnitude += abs(product)
      }
      sums.append(sum)
      magnitudes.append(magnitude)
    }
  }
  return (sums, magnitudes)
}
