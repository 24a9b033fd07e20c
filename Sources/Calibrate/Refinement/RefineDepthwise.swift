import QuantRuntime

/// Refines one depthwise convolution: every channel is a problem of its own, of as many weights as its kernel has.
final class DepthwiseRefinement: LayerRefinement {
  private let layer: LayerWeights
  private let scale: [Float]
  private let kernels: MatrixKernels
  private let settings: ErrorCompensation
  private let positions: Int
  private let blocks: Int
  /// The weights [position][channel], in units of the outputs per unit of an input byte.
  private let weights: [Float]
  /// Sums over all pixels: [channel][position + 1][position + 1] of products of patch values, the last of them 1; and
  /// [channel][position + 1] of products with what the output lacks.
  private var second: [Double]
  private var cross: [Double]

  init(_ layer: LayerWeights, scale: [Float], _ kernels: MatrixKernels, _ settings: ErrorCompensation) {
    self.layer = layer
    self.scale = scale
    self.kernels = kernels
    self.settings = settings
    let positions = layer.positions
    self.positions = positions
    blocks = paddedChannels(scale.count) / 16
    let order = WeightOrder(
      layer.convolution, inputs: layer.inputs, storedInputs: paddedChannels(layer.inputs), valueBytes: 4)
    weights = order.packed(layer.weights.indices.map { layer.weights[$0] * scale[$0 / positions] })
    let rows = positions + 1
    second = [Double](repeating: 0, count: blocks * 16 * rows * rows)
    cross = [Double](repeating: 0, count: blocks * 16 * rows)
  }

  func add(float: InputPlane, int8: InputPlane) {
    float.becomeDifference(to: int8, scale: scale)
    second.withUnsafeMutableBufferPointer { second in
      cross.withUnsafeMutableBufferPointer { cross in
        nonisolated(unsafe) let (second, cross) = (second, cross)
        kernels.loop.run(parts: blocks) { add(float, int8, block: $0, second, cross) }
      }
    }
  }

  private func add(
    _ difference: InputPlane, _ int8: InputPlane, block: Int, _ second: UnsafeMutableBufferPointer<Double>,
    _ cross: UnsafeMutableBufferPointer<Double>
  ) {
    let window = layer.window
    let size = layer.outputSize(height: int8.height, width: int8.width)
    let rows = positions + 1
    var patch = [SIMD16<Float>](repeating: SIMD16(repeating: 1), count: rows)
    var products = [SIMD16<Float>](repeating: SIMD16(), count: rows * rows)
    var crossProducts = [SIMD16<Float>](repeating: SIMD16(), count: rows)
    let offsets = (0..<positions).map { position in
      position / window.kernel.width * int8.values.columns + position % window.kernel.width * int8.stored + block * 16
    }
    for row in 0..<size.height {
      for column in 0..<size.width {
        let start =
          row * window.stride.height * int8.values.columns + column * window.stride.width * int8.stored
        var lack = SIMD16<Float>()
        for position in 0..<positions {
          let index = start + offsets[position]
          patch[position] = vector(int8.values.base + index)
          lack += vector(difference.values.base + index) * weight(position, block)
        }
        for first in 0..<rows {
          let value = patch[first]
          crossProducts[first] += value * lack
          for other in 0...first { products[first * rows + other] += value * patch[other] }
        }
      }
    }
    for lane in 0..<16 {
      let channel = block * 16 + lane
      for index in 0..<rows * rows { second[channel * rows * rows + index] += Double(products[index][lane]) }
      for index in 0..<rows { cross[channel * rows + index] += Double(crossProducts[index][lane]) }
    }
  }

  private func weight(_ position: Int, _ block: Int) -> SIMD16<Float> {
    weights.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return SIMD16() }
      return vector(base + position * blocks * 16 + block * 16)
    }
  }

  private func vector(_ values: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(values).loadUnaligned(as: SIMD16<Float>.self)
  }

  func finish() -> RefinedLayer {
    var refined = RefinedLayer(values: [], steps: [], bias: [])
    for channel in 0..<scale.count { finish(channel, &refined) }
    return refined
  }

  private func finish(_ channel: Int, _ refined: inout RefinedLayer) {
    let rows = positions + 1
    func product(_ a: Int, _ b: Int) -> Double { second[(channel * rows + max(a, b)) * rows + min(a, b)] }
    let n = max(product(positions, positions), 1)
    let means = (0..<positions).map { product($0, positions) / n }
    let lackMean = cross[channel * rows + positions] / n
    let size = paddedChannels(positions)
    let matrix = FloatMatrix(rows: size, columns: size)
    let correction = FloatMatrix(rows: 1, columns: size)
    for row in 0..<positions {
      for column in 0..<positions {
        matrix[row, column] = Float(product(row, column) / n - means[row] * means[column])
      }
      correction[0, row] = Float(cross[channel * rows + row] / n - means[row] * lackMean)
    }
    let factor = dampedFactor(matrix, settings.damping, kernels)
    factor.solve(correction)
    let targets = FloatMatrix(rows: 1, columns: size)
    for position in 0..<positions {
      targets[0, position] =
        weights[position * blocks * 16 + channel] + settings.correction * correction[0, position]
    }
    let rounded = CompensatedRounding(factor, kernels, sweeps: settings.sweeps).round(
      targets, smallestSteps: [smallestStep(layer.bias[channel])])
    let values = rounded.values(0, count: positions)
    var bias = Double(layer.bias[channel]) + lackMean
    for position in 0..<positions {
      let error = weights[position * blocks * 16 + channel] - Float(values[position]) * rounded.steps[0]
      bias += Double(error) * means[position]
    }
    refined.values.append(contentsOf: values)
    refined.steps.append(rounded.steps[0])
    refined.bias.append(Float(bias))
  }
}
