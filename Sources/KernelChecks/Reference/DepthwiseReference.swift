extension ConvolutionShape {
  /// Calls `body` with the indices of every input and weight whose product is part of one depthwise sum.
  func forEachDepthwiseProduct(pixel: Int, channel: Int, _ body: (_ input: Int, _ weight: Int) -> Void) {
    let (row, column) = (pixel / width, pixel % width)
    for kernelRow in 0..<kernelHeight {
      for kernelColumn in 0..<kernelWidth {
        let position = (row * stride + kernelRow) * inputWidth + column * stride + kernelColumn
        body(
          position * inputChannels + channel,
          (kernelRow * kernelWidth + kernelColumn) * inputChannels + channel)
      }
    }
  }
}

/// The sums of an integer depthwise convolution, the definition: `sum[pixel][channel] = Σ input · weights` over the
/// channel's own window.
func depthwiseSums<Value: FixedWidthInteger>(
  _ input: [Value], _ weights: [Value], _ shape: ConvolutionShape
) -> [Int32] {
  var sums: [Int32] = []
  for pixel in 0..<shape.pixels {
    for channel in 0..<shape.inputChannels {
      var sum: Int32 = 0
      shape.forEachDepthwiseProduct(pixel: pixel, channel: channel) { sum += Int32(input[$0]) * Int32(weights[$1]) }
      sums.append(sum)
    }
  }
  return sums
}

/// The sums of a float depthwise convolution in double precision, and the sums of the products' magnitudes.
func depthwiseSums(
  _ input: [Float], _ weights: [Float], _ shape: ConvolutionShape
) -> (sums: [Double], magnitudes: [Double]) {
  var (sums, magnitudes): ([Double], [Double]) = ([], [])
  for pixel in 0..<shape.pixels {
    for channel in 0..<shape.inputChannels {
      var (sum, magnitude) = (0.0, 0.0)
      shape.forEachDepthwiseProduct(pixel: pixel, channel: channel) {
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
