import SIMDKernels

/// A convolution over an input that already has its border.
struct ConvolutionShape {
  var kernelHeight: Int
  var kernelWidth: Int
  var stride: Int
  var inputChannels: Int
  /// The number of blocks of 16 output channels.
  var outputBlocks: Int
  /// The height of the output.
  var height: Int
  var width: Int

  init(
    kernel: (Int, Int) = (3, 3), stride: Int = 1, inputChannels: Int = 16, outputBlocks: Int = 1, height: Int,
    width: Int
  ) {
    (kernelHeight, kernelWidth) = kernel
    self.stride = stride
    self.inputChannels = inputChannels
    self.outputBlocks = outputBlocks
    self.height = height
    self.width = width
  }

  var pixels: Int { height * width }
  var outputChannels: Int { outputBlocks * 16 }
  var inputHeight: Int { (height - 1) * stride + kernelHeight }
  var inputWidth: Int { (width - 1) * stride + kernelWidth }
  var inputCount: Int { inputHeight * inputWidth * inputChannels }
  /// The number of values of one kernel row.
  var rowValues: Int { kernelWidth * inputChannels }
  var weightsPerOutput: Int { kernelHeight * rowValues }
  var weightCount: Int { outputChannels * weightsPerOutput }

  var text: String {
    "\(kernelHeight)×\(kernelWidth) stride \(stride), \(inputChannels)→\(outputChannels) channels, \(height)×\(width) pixels"
  }

  func layer<Value>(input: UnsafePointer<Value>, packedWeights: UnsafePointer<Value>) -> ConvolutionLayer {
    let size = MemoryLayout<Value>.stride
    return ConvolutionLayer(
      input: UnsafeRawPointer(input), windowRowBytes: inputWidth * inputChannels * size, windowRows: kernelHeight,
      stepsPerRow: rowValues * size / 4, pixelBytes: stride * inputChannels * size,
      rowBytes: stride * inputWidth * inputChannels * size, weights: UnsafeRawPointer(packedWeights),
      outputWidth: width, fourthIsEmpty: inputChannels == 4)
  }

  /// Packs weights: [output channel][kernel row][kernel column][channel] → [block of 16][kernel row][step][16][4 bytes].
  func packed<Value>(_ weights: [Value]) -> [Value] {
    packed(weights, valuesPerStep: 4 / MemoryLayout<Value>.stride)
  }

  /// Packs weights in steps of so many input channels.
  func packed<Value>(_ weights: [Value], valuesPerStep: Int) -> [Value] {
    var packed: [Value] = []
    packed.reserveCapacity(weights.count)
    for block in 0..<outputBlocks {
      for kernelRow in 0..<kernelHeight {
        for step in 0..<rowValues / valuesPerStep {
          for lane in 0..<16 {
            let first = ((block * 16 + lane) * kernelHeight + kernelRow) * rowValues + step * valuesPerStep
            packed += weights[first..<first + valuesPerStep]
          }
        }
      }
    }
    return packed
  }

  /// The whole output, or the same in pieces that do not respect tiles.
  var slicings: [[ConvolutionSlice]] {
    let whole = [ConvolutionSlice(blocks: 0..<outputBlocks, pixels: 0..<pixels)]
    guard pixels > 2 || outputBlocks > 1 else { return [whole] }
    let (block, pixel) = ((outputBlocks + 1) / 2, (pixels + 2) / 3)
    return [
      whole,
      [
        ConvolutionSlice(blocks: 0..<block, pixels: 0..<pixel),
        ConvolutionSlice(blocks: block..<outputBlocks, pixels: 0..<pixel),
        ConvolutionSlice(blocks: 0..<block, pixels: pixel..<pixels),
        ConvolutionSlice(blocks: block..<outputBlocks, pixels: pixel..<pixels),
      ],
    ]
  }
}

extension ConvolutionShape {
  /// The shapes that every kernel is checked with: widths and numbers of pixels around any tile, all channel blocks up to 7,
  /// strides, 1×1, 3×3 and whole-image kernels.
  static var sweep: [ConvolutionShape] {
    var shapes: [ConvolutionShape] = []
    for width in [1, 2, 3, 5, 6, 7, 13, 14] {
      for height in [1, 3] {
        for stride in [1, 2] { shapes.append(ConvolutionShape(stride: stride, height: height, width: width)) }
      }
      shapes.append(ConvolutionShape(kernel: (1, 1), stride: 2, inputChannels: 32, height: 2, width: width))
    }
    for pixels in 1...13 {
      shapes.append(ConvolutionShape(kernel: (1, 1), inputChannels: 32, outputBlocks: 2, height: 1, width: pixels))
    }
    for inputBlocks in 1...7 {
      for outputBlocks in 1...7 {
        shapes.append(
          ConvolutionShape(
            kernel: (1, 1), inputChannels: inputBlocks * 16, outputBlocks: outputBlocks, height: 1, width: 7))
      }
      shapes.append(
        ConvolutionShape(inputChannels: inputBlocks * 16, outputBlocks: 8 - inputBlocks, height: 2, width: 3))
    }
    // More than a few tiles; strides that do not divide the kernel's height.
    shapes.append(ConvolutionShape(inputChannels: 64, outputBlocks: 2, height: 7, width: 7))
    shapes.append(ConvolutionShape(stride: 2, inputChannels: 32, height: 14, width: 14))
    shapes.append(ConvolutionShape(kernel: (5, 5), stride: 2, height: 5, width: 4))
    shapes.append(ConvolutionShape(kernel: (2, 3), stride: 3, height: 4, width: 5))
    shapes.append(ConvolutionShape(kernel: (3, 1), stride: 3, inputChannels: 32, height: 4, width: 5))
    shapes.append(ConvolutionShape(kernel: (7, 7), inputChannels: 32, outputBlocks: 2, height: 1, width: 1))
    shapes.append(ConvolutionShape(kernel: (5, 3), inputChannels: 48, outputBlocks: 5, height: 1, width: 1))
    return shapes
  }
}
