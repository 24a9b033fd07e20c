import SIMDKernels

/// `values`, followed by 64 bytes that kernels may read.
func padded<Value: Numeric>(_ values: [Value]) -> [Value] {
  values + [Value](repeating: 0, count: 64 / MemoryLayout<Value>.stride)
}

/// Calls `body` with copies of both, behind which nothing may be read.
func withPointers<First, Second>(
  _ first: [First], _ second: [Second], _ body: (UnsafePointer<First>, UnsafePointer<Second>) -> Void
) {
  withGuarded(first) { first in withGuarded(second) { second in body(first, second) } }
}

extension ConvolutionShape {
  /// An output as the kernels leave it: [row][column][channel] inside a border of one pixel that they do not touch.
  func plane<Value: FixedWidthInteger>(_ sums: [Int32], _ value: (Int32, _ channel: Int) -> Value) -> [Value] {
    var plane = [Value](repeating: untouched(), count: planeCount)
    for index in 0..<sums.count {
      let (pixel, channel) = (index / outputChannels, index % outputChannels)
      let position = (pixel / width + 1) * (width + 2) + pixel % width + 1
      plane[position * outputChannels + channel] = value(sums[index], channel)
    }
    return plane
  }

  fileprivate var planeCount: Int { (height + 2) * (width + 2) * outputChannels }
}

/// The value that the border of an output holds.
private func untouched<Value: FixedWidthInteger>() -> Value { 77 }

/// The output of an integer convolution that `convolve` computes slice by slice.
func output<Value: FixedWidthInteger, Output: FixedWidthInteger>(
  _ shape: ConvolutionShape, _ input: [Value], _ packedWeights: [Value], _ bias: [Int32],
  _ reference: RequantisationReference, _ slices: [ConvolutionSlice],
  _ convolve: (ConvolutionLayer, OutputPlane, Requantisation, UnsafePointer<Int8>, ConvolutionSlice) -> Void
) -> [Output] {
  var output = [Output](repeating: untouched(), count: shape.planeCount)
  let pixelBytes = shape.outputChannels * MemoryLayout<Output>.stride
  let rowBytes = (shape.width + 2) * pixelBytes
  withGuarded(&output) { values in
    let base = UnsafeMutableRawPointer(values)
    let plane = OutputPlane(base: base + rowBytes + pixelBytes, pixelBytes: pixelBytes, rowBytes: rowBytes)
    withPointers(padded(input), padded(packedWeights)) { input, weights in
      withPointers(bias, reference.zero) { bias, zero in
        withPointers(reference.positive, reference.negative) { positive, negative in
          let requantisation = Requantisation(bias: bias, positive: positive, negative: negative)
          for slice in slices {
            convolve(shape.layer(input: input, packedWeights: weights), plane, requantisation, zero, slice)
          }
        }
      }
    }
  }
  return output
}
