import SIMDKernels

/// The bias and the PReLU after a float convolution, and what they make of its sums.
struct FloatEpilogue {
  var bias: [Float]
  var slopes: [Float]

  init(channels: Int, _ numbers: inout TestNumbers) {
    bias = numbers.floats(channels, 1)
    slopes = numbers.floats(channels, 1.5)
  }

  /// The outputs of exact sums, and the most that a kernel may differ from them.
  ///
  /// - Parameter products: the number of products in one sum.
  func expected(_ sums: [Double], _ magnitudes: [Double], products: Int) -> (values: [Double], tolerances: [Double]) {
    var (expected, tolerances): ([Double], [Double]) = ([], [])
    for index in 0..<sums.count {
      let channel = index % bias.count
      let value = sums[index] + Double(bias[channel])
      let magnitude = magnitudes[index] + abs(Double(bias[channel]))
      expected.append(value < 0 ? value * Double(slopes[channel]) : value)
      tolerances.append(Double(products + 3) * 0x1p-24 * magnitude * max(1, Double(abs(slopes[channel]))))
    }
    return (expected, tolerances)
  }

  /// The output [row][column][channel] of a convolution that `convolve` computes slice by slice.
  func output(
    _ shape: ConvolutionShape, _ input: [Float], _ packedWeights: [Float], _ slices: [ConvolutionSlice],
    _ convolve: (ConvolutionLayer, FloatOutput, ConvolutionSlice) -> Void
  ) -> [Float] {
    var output = [Float](repeating: 0, count: shape.pixels * shape.outputChannels)
    withGuarded(&output) { values in
      let base = UnsafeMutableRawPointer(values)
      let pixelBytes = shape.outputChannels * 4
      let plane = OutputPlane(base: base, pixelBytes: pixelBytes, rowBytes: shape.width * pixelBytes)
      withPointers(input, packedWeights) { input, weights in
        withPointers(bias, slopes) { bias, slopes in
          for slice in slices {
            convolve(
              shape.layer(input: input, packedWeights: weights), FloatOutput(plane: plane, bias: bias, slopes: slopes),
              slice)
          }
        }
      }
    }
    return output
  }
}
