import SIMDKernels

/// Depthwise convolutions are shapes whose input and output have the same channels; their weights are
/// [kernel row][kernel column][channel].
extension ConvolutionShape {
  init(depthwise kernel: (Int, Int), stride: Int = 1, blocks: Int = 1, height: Int, width: Int) {
    self.init(
      kernel: kernel, stride: stride, inputChannels: blocks * 16, outputBlocks: blocks, height: height, width: width)
  }

  /// The layer of `window`, which has all of the pointers and distances.
  func depthwiseLayer(_ window: ConvolutionLayer) -> DepthwiseLayer {
    DepthwiseLayer(
      input: window.input, windowRowBytes: window.windowRowBytes, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
      channels: inputChannels, pixelBytes: window.pixelBytes, rowBytes: window.rowBytes, weights: window.weights,
      outputWidth: width)
  }

  /// Shapes of 3×3 with both strides, and of whole-image kernels of odd and even width, with widths around a tile's pixels.
  static var depthwiseSweep: [ConvolutionShape] {
    var shapes: [ConvolutionShape] = []
    for width in [1, 2, 3, 4, 5, 7, 8, 13, 14] {
      for stride in [1, 2] {
        for height in [1, 3] {
          shapes.append(ConvolutionShape(depthwise: (3, 3), stride: stride, height: height, width: width))
        }
      }
    }
    for blocks in 1...7 {
      shapes.append(ConvolutionShape(depthwise: (3, 3), stride: blocks % 2 + 1, blocks: blocks, height: 2, width: 3))
      shapes.append(ConvolutionShape(depthwise: (7, 7), blocks: blocks, height: 1, width: 1))
      shapes.append(ConvolutionShape(depthwise: (7, 6), blocks: blocks, height: 1, width: 1))
    }
    // Around a segment of pixels whose channels are computed one block after the other, with rows in pairs and one more.
    for width in [23, 24, 25, 26, 27, 28, 50] {
      for height in [2, 3] {
        shapes.append(ConvolutionShape(depthwise: (3, 3), blocks: 2, height: height, width: width))
      }
    }
    shapes.append(ConvolutionShape(depthwise: (1, 1), blocks: 2, height: 2, width: 5))
    shapes.append(ConvolutionShape(depthwise: (5, 2), blocks: 2, height: 3, width: 6))
    return shapes
  }
}
