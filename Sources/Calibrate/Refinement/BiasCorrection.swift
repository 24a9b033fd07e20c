import QuantRuntime

/// Rounds weights to the nearest integers at the step of least squared error, and changes biases so that the mean of
/// every output stays the float layer's (Nagel et al., Data-Free Quantization, 2019, with measured means).
package struct BiasCorrection: LayerwiseRounding {
  package init() {}

  package var name: String { "bias-corrected" }

  /// The plain rounding that comes first.
  package func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    MinimumErrorRounding().round(weights, limit: limit)
  }

  func refinement(of layer: LayerScales, images: Int, _ kernels: MatrixKernels) -> any LayerRefinement {
    BiasRefinement(layer)
  }
}

/// Needs the mean patch of both networks only.
final class BiasRefinement: LayerRefinement {
  private let layer: LayerScales
  /// Sums over all patches, [kernel row][kernel column][channel]: of bytes minus zero points, and of what they lack.
  private var patch: [Double]
  private var lack: [Double]
  private var pixels = 0

  init(_ layer: LayerScales) {
    self.layer = layer
    patch = [Double](repeating: 0, count: layer.weights.positions * layer.weights.inputs)
    lack = patch
  }

  func add(float: InputPlane, int8: InputPlane) {
    float.becomeDifference(to: int8, scale: layer.activations.scale)
    let (window, inputs) = (layer.weights.window, layer.weights.inputs)
    let size = layer.weights.outputSize(height: int8.height, width: int8.width)
    pixels += size.height * size.width
    for position in 0..<layer.weights.positions {
      let (row, column) = (position / window.kernel.width, position % window.kernel.width)
      for outputRow in 0..<size.height {
        for outputColumn in 0..<size.width {
          let offset =
            (row + outputRow * window.stride.height) * int8.values.columns
            + (column + outputColumn * window.stride.width) * int8.stored
          for channel in 0..<inputs {
            let index = position * inputs + channel
            patch[index] += Double(int8.values.base[offset + channel])
            lack[index] += Double(float.values.base[offset + channel])
          }
        }
      }
    }
  }

  func finish() -> RefinedLayer {
    let weights = layer.weights
    var refined = ConvolutionQuantiser(rounding: MinimumErrorRounding()).rounded(weights, input: layer.activations)
    let n = Double(max(pixels, 1))
    for output in refined.bias.indices {
      var change = 0.0
      for weight in 0..<weights.perOutput {
        let channel = weights.channel(output: output, weight: weight)
        let index = weight / weights.groupInputs * weights.inputs + channel
        let place = output * weights.perOutput + weight
        let exact = Double(weights.weights[place] * layer.activations.scale[channel])
        let error = exact - Double(refined.values[place]) * Double(refined.steps[output])
        change += exact * lack[index] / n + error * patch[index] / n
      }
      refined.bias[output] += Float(change)
    }
    return refined
  }
}
