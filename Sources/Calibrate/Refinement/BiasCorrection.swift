import QuantRuntime

/// Rounds weights to the nearest integers at the step of least squared error, and changes biases so that the mean of
/// every output stays the float layer's (Nagel et al., Data-Free Quantization, 2019, with measured means).
public struct BiasCorrection: LayerwiseRounding {
  public init() {}

  public var name: String { "bias-corrected" }

  /// The plain rounding that comes first.
  public func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    MinimumErrorRounding().round(weights, limit: limit)
  }

  func refinement(of layer: LayerScales, images: Int, _ kernels: MatrixKernels) -> any LayerRefinement {
    BiasRefinement(layer)
  }
}

/// Needs the mean patch of both networks only.
private final class BiasRefinement: LayerRefinement {
  private let layer: LayerScales
  /// Sums over all patches, [kernel row][kernel column][channel]: of bytes minus zero points, and of what they lack.
  private var patch: [Double]
  private var lack: [Double]
  private var pixels = 0

  init(_ layer: LayerScales) {
    self.layer = layer
    let geometry = layer.unit.geometry
    patch = [Double](repeating: 0, count: geometry.kernelHeight * geometry.kernelWidth * geometry.inputChannels)
    lack = patch
  }

  func add(float: InputPlane, int8: InputPlane) {
    float.becomeDifference(to: int8, scale: layer.activations.scale)
    let geometry = layer.unit.geometry
    let (height, width) = (geometry.outputHeight(int8.height), geometry.outputWidth(int8.width))
    pixels += height * width
    for position in 0..<geometry.kernelHeight * geometry.kernelWidth {
      let (row, column) = (position / geometry.kernelWidth, position % geometry.kernelWidth)
      for outputRow in 0..<height {
        for outputColumn in 0..<width {
          let offset =
            (row + outputRow * geometry.stride) * int8.values.columns
            + (column + outputColumn * geometry.stride) * int8.stored
          for channel in 0..<geometry.inputChannels {
            let index = position * geometry.inputChannels + channel
            patch[index] += Double(int8.values.base[offset + channel])
            lack[index] += Double(float.values.base[offset + channel])
          }
        }
      }
    }
  }

  func finish() -> RefinedLayer {
    let unit = layer.unit
    var refined = ConvolutionQuantiser(rounding: MinimumErrorRounding()).rounded(unit, input: layer.activations)
    let (perOutput, channels) = (unit.geometry.weightsPerOutput, unit.geometry.inputChannels)
    let n = Double(max(pixels, 1))
    for output in refined.bias.indices {
      var change = 0.0
      for weight in 0..<perOutput {
        let index = unit.geometry.isDepthwise ? weight * channels + output : weight
        let exact = Double(unit.weights[output * perOutput + weight] * layer.activations.scale[index % channels])
        let error = exact - Double(refined.values[output * perOutput + weight]) * Double(refined.steps[output])
        change += exact * lack[index] / n + error * patch[index] / n
      }
      refined.bias[output] += Float(change)
    }
    return refined
  }
}
