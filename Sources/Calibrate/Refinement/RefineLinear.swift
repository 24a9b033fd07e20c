import QuantRuntime

/// Refines the linear layer, pixel by pixel: its moments over the whole image would be too large a matrix, and there
/// are fewer images than one pixel has channels. Every pixel's moments are therefore mixed with those of all pixels.
final class LinearRefinement: LayerRefinement {
  private let layer: LayerWeights
  private let scale: [Float]
  private let kernels: MatrixKernels
  private let settings: ErrorCompensation
  private let channels: Int
  private let pixels: Int
  /// What the quantised layer reads: [pixel · channel][image], and the sums of what it lacks.
  private let inputs: FloatMatrix
  private var differenceSums: [Double]
  private var images = 0

  /// - Parameter images: at most.
  init(_ layer: LayerWeights, scale: [Float], images: Int, _ kernels: MatrixKernels, _ settings: ErrorCompensation) {
    self.layer = layer
    self.scale = scale
    self.kernels = kernels
    self.settings = settings
    channels = layer.inputs
    pixels = layer.positions
    inputs = FloatMatrix(rows: pixels * channels, columns: paddedChannels(images))
    differenceSums = [Double](repeating: 0, count: pixels * channels)
  }

  func add(float: InputPlane, int8: InputPlane) {
    float.becomeDifference(to: int8, scale: scale)
    for pixel in 0..<pixels {
      let start = pixel * int8.stored
      for channel in 0..<channels {
        inputs[pixel * channels + channel, images] = int8.values.base[start + channel]
        differenceSums[pixel * channels + channel] += Double(float.values.base[start + channel])
      }
    }
    images += 1
  }

  func finish() -> RefinedLayer {
    let outputs = layer.outputs
    let perOutput = pixels * channels
    let n = Double(max(images, 1))
    let means = (0..<perOutput).map { row in
      Float((0..<images).reduce(0.0) { $0 + Double(inputs[row, $1]) } / n)
    }
    for row in 0..<perOutput { for image in 0..<images { inputs[row, image] -= means[row] } }
    let size = paddedChannels(channels)
    let pooled = FloatMatrix(rows: size, columns: size)
    for pixel in 0..<pixels {
      let moments = moments(pixel, size)
      for index in 0..<size * size { pooled.base[index] += moments.base[index] / Float(pixels) }
    }

    let smallest = layer.bias.map(smallestStep)
    let largest = (0..<outputs).map { output in
      (0..<perOutput).reduce(Float(0)) { max($0, abs(layer.weights[output * perOutput + $1] * scale[$1 % channels])) }
    }
    var search = StepSearch(largest: largest, smallestSteps: smallest)
    forEachPixel(pooled) { _, rounding, targets in rounding.addCosts(of: targets, to: &search) }
    let steps = search.best
    var refined = RefinedLayer(values: [Int8](repeating: 0, count: outputs * perOutput), steps: steps, bias: [])
    forEachPixel(pooled) { pixel, rounding, targets in
      let rounded = rounding.round(targets, steps: steps)
      for output in 0..<outputs {
        let start = output * perOutput + pixel * channels
        refined.values.replaceSubrange(start..<start + channels, with: rounded.values(output, count: channels))
      }
    }
    for output in 0..<outputs {
      var bias = Double(layer.bias[output])
      for weight in 0..<perOutput {
        let exact = layer.weights[output * perOutput + weight] * scale[weight % channels]
        let error = exact - Float(refined.values[output * perOutput + weight]) * steps[output]
        bias += Double(exact) * differenceSums[weight] / n + Double(error) * Double(means[weight])
      }
      refined.bias.append(Float(bias))
    }
    return refined
  }

  private func forEachPixel(
    _ pooled: FloatMatrix, _ body: (Int, CompensatedRounding, _ targets: FloatMatrix) -> Void
  ) {
    let outputs = layer.outputs
    for pixel in 0..<pixels {
      let mixed = moments(pixel, pooled.rows)
      let share = settings.pooling
      for index in 0..<mixed.rows * mixed.columns {
        mixed.base[index] = (1 - share) * mixed.base[index] + share * pooled.base[index]
      }
      let targets = FloatMatrix(rows: outputs, columns: mixed.rows)
      for output in 0..<outputs {
        let start = (output * pixels + pixel) * channels
        for channel in 0..<channels { targets[output, channel] = layer.weights[start + channel] * scale[channel] }
      }
      body(
        pixel,
        CompensatedRounding(dampedFactor(mixed, settings.damping, kernels), kernels, sweeps: settings.sweeps), targets)
    }
  }

  /// Σ x·xᵀ / n of a pixel's channels around their means.
  private func moments(_ pixel: Int, _ size: Int) -> FloatMatrix {
    let moments = FloatMatrix(rows: size, columns: size)
    let columns = FloatMatrix(rows: size / 16, columns: inputs.columns * 16)
    for channel in 0..<channels {
      let source = inputs.row(pixel * channels + channel)
      let target = columns.row(channel / 16) + channel % 16
      for image in 0..<inputs.columns { target[image * 16] = source[image] / Float(max(images, 1)) }
    }
    kernels.loop.run(parts: partCount(channels, of: 48)) { part in
      let rows = partRange(part, of: 48, in: channels)
      kernels.multiply(
        rows: inputs.row(pixel * channels + rows.lowerBound), rowStride: inputs.columns, count: rows.count,
        inner: inputs.columns, columns: columns.base, blocks: size / 16, into: moments.row(rows.lowerBound),
        outputStride: size)
    }
    return moments
  }
}
