/// The sums of an integer convolution, the definition: `sum[pixel][out] = Σ input · weights` over the window, modulo
/// 2³².
///
/// - Parameters:
///   - input: [row][column][channel], `shape.inputHeight` × `shape.inputWidth`, the border included.
///   - weights: [output channel][kernel row][kernel column][channel].
func integerSums<Value: FixedWidthInteger>(_ input: [Value], _ weights: [Value], _ shape: ConvolutionShape) -> [Int32] {
  var sums: [Int32] = []
  for pixel in 0..<shape.pixels {
    for output in 0..<shape.outputChannels {
      var sum: Int32 = 0
      shape.forEachProduct(pixel: pixel, output: output) { sum &+= Int32(input[$0]) &* Int32(weights[$1]) }
      sums.append(sum)
    }
  }
  return sums
}

/// A float convolution in double precision, and the sum of the products' magnitudes, which bounds a float kernel's
/// error.
func floatSums(
  _ input: [Float], _ weights: [Float], _ shape: ConvolutionShape
) -> (sums: [Double], magnitudes: [Double]) {
  var (sums, magnitudes): ([Double], [Double]) = ([], [])
  for pixel in 0..<shape.pixels {
    for output in 0..<shape.outputChannels {
      var (sum, magnitude) = (0.0, 0.0)
      shape.forEachProduct(pixel: pixel, output: output) {
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

extension ConvolutionShape {
  /// Calls `body` with the indices of every input and weight whose product is part of one sum.
  func forEachProduct(pixel: Int, output: Int, _ body: (_ input: Int, _ weight: Int) -> Void) {
    let (row, column) = (pixel / width, pixel % width)
    for kernelRow in 0..<kernelHeight {
      let input = ((row * stride + kernelRow) * inputWidth + column * stride) * inputChannels
      let weight = (output * kernelHeight + kernelRow) * rowValues
      for index in 0..<rowValues { body(input + index, weight + index) }
    }
  }
}
