import QuantRuntime
import SIMDKernels

/// Refines one dense convolution from what it reads in both networks.
final class DenseRefinement: LayerRefinement {
  private let layer: LayerWeights
  private let scale: [Float]
  private let kernels: MatrixKernels
  private let settings: ErrorCompensation
  private let moments: InputMoments
  /// The weights [output channel][weight], in units of the outputs per unit of an input byte.
  private let scaledWeights: [Float]
  private let packedWeights: Tensor<Float>

  /// - Parameter scale: of each input channel.
  init(_ layer: LayerWeights, scale: [Float], _ kernels: MatrixKernels, _ settings: ErrorCompensation) {
    self.layer = layer
    self.scale = scale
    self.kernels = kernels
    self.settings = settings
    moments = InputMoments(layer, kernels)
    scaledWeights = layer.weights.indices.map { layer.weights[$0] * scale[$0 % scale.count] }
    let order = WeightOrder(
      layer.convolution, inputs: layer.inputs, storedInputs: paddedChannels(layer.inputs), valueBytes: 4)
    packedWeights = Tensor(order.packed(scaledWeights))
  }

  func add(float: InputPlane, int8: InputPlane) {
    float.becomeDifference(to: int8, scale: scale)
    moments.add(int8, lacks: outputs(of: float))
  }

  /// The layer's outputs without bias, [block of 16 outputs][pixel][16].
  private func outputs(of plane: InputPlane) -> FloatMatrix {
    let window = layer.window
    let size = layer.outputSize(height: plane.height, width: plane.width)
    let (width, pixels) = (size.width, size.height * size.width)
    let blocks = paddedChannels(layer.outputs) / 16
    let outputs = FloatMatrix(rows: blocks, columns: pixels * 16)
    let pass = ConvolutionLayer(
      input: UnsafeRawPointer(plane.values.base), windowRowBytes: plane.values.columns * 4,
      windowRows: window.kernel.height, stepsPerRow: window.kernel.width * plane.stored,
      pixelBytes: window.stride.width * plane.stored * 4, rowBytes: window.stride.height * plane.values.columns * 4,
      weights: UnsafeRawPointer(packedWeights.base), outputWidth: width)
    kernels.loop.run(parts: blocks) { block in
      let base = UnsafeMutableRawPointer(outputs.row(block)) - block * 64
      kernels.convolve(
        pass, OutputPlane(base: base, pixelBytes: 64, rowBytes: width * 64),
        ConvolutionSlice(blocks: block..<block + 1, pixels: 0..<pixels))
    }
    return outputs
  }

  func finish() -> RefinedLayer {
    let (patchMeans, lackMeans, second, cross) = moments.finish()
    let factor = dampedFactor(second, settings.damping, kernels)
    let size = second.rows
    let perOutput = layer.perOutput
    factor.solve(cross)
    let targets = FloatMatrix(rows: layer.outputs, columns: size)
    for output in 0..<targets.rows {
      for weight in 0..<perOutput {
        targets[output, weight] =
          scaledWeights[output * perOutput + weight] + settings.correction * cross[output, weight]
      }
    }
    let rounded = CompensatedRounding(factor, kernels, sweeps: settings.sweeps).round(
      targets, smallestSteps: layer.bias.map(smallestStep))
    var refined = RefinedLayer(values: [], steps: rounded.steps, bias: [])
    refined.values.reserveCapacity(layer.weights.count)
    for output in 0..<targets.rows {
      let values = rounded.values(output, count: perOutput)
      // The mean output stays the float layer's.
      var bias = Double(layer.bias[output]) + Double(lackMeans[output])
      for weight in 0..<perOutput {
        let error = scaledWeights[output * perOutput + weight] - Float(values[weight]) * rounded.steps[output]
        bias += Double(error) * Double(patchMeans[weight])
      }
      refined.values.append(contentsOf: values)
      refined.bias.append(Float(bias))
    }
    return refined
  }
}

/// The factor of a matrix with some of its mean diagonal added to the diagonal: directions that the images hardly show
/// are not trusted. More is added where rounding errors leave the matrix indefinite.
///
/// - Parameter matrix: symmetric; both triangles are kept.
func dampedFactor(_ matrix: FloatMatrix, _ damping: Float, _ kernels: MatrixKernels) -> CholeskyFactor {
  let size = matrix.rows
  let mean = (0..<size).reduce(Float(0)) { $0 + matrix[$1, $1] } / Float(size)
  var damping = damping
  while true {
    let damped = FloatMatrix(rows: size, columns: size)
    damped.base.update(from: matrix.base, count: size * size)
    let added = max(damping * mean, .leastNormalMagnitude * 1e10)
    for index in 0..<size { damped[index, index] += added }
    if let factor = CholeskyFactor(damped, kernels) { return factor }
    damping = max(damping * 10, 1e-6)
  }
}
