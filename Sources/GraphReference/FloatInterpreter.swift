import FaceqSupport
import QuantRuntime

/// Carries a float graph out in double precision, one plain loop for each operation: what every engine is measured
/// against.
///
/// - Parameter image: as `normalised(_:_:)` makes it, of any size that the graph can take.
/// - Returns: the value of every node.
/// - Throws: where the graph is not well formed or does not fit the image.
package func evaluate(_ graph: Graph<FloatLayer>, _ image: Plane<Double>) throws(FaceqError) -> [Plane<Double>] {
  try graph.check()
  let shapes = try graph.shapes(height: image.extent.height, width: image.extent.width)
  var values: [Plane<Double>] = []
  for (index, node) in graph.nodes.enumerated() {
    values.append(evaluate(node, node.inputs.map { values[$0] }, image, shapes[index]))
  }
  return values
}

/// The picture as the network sees it.
///
/// - Parameter pixels: RGB [row][column][3].
package func normalised(_ pixels: [UInt8], _ format: ImageFormat, height: Int, width: Int) -> Plane<Double> {
  Plane(Extent(height, width, 3)) { row, column, channel in
    let pixel = pixels[(row * width + column) * 3 + (format.channels == .rgb ? channel : 2 - channel)]
    return (Double(pixel) - Double(format.mean[channel])) / Double(format.deviation[channel])
  }
}

private func evaluate(
  _ node: Node<FloatLayer>, _ inputs: [Plane<Double>], _ image: Plane<Double>, _ extent: Extent
) -> Plane<Double> {
  let slopes = node.layer?.slopes ?? []
  func activated(_ plane: Plane<Double>, _ activation: Activation) -> Plane<Double> {
    plane.map { activation.apply($0, slope: activation == .prelu ? slopes[$1] : 1) }
  }
  switch (node.operation, node.layer) {
  case (.image, _): return image
  case (.convolution(let convolution), .convolution(let weights, let bias, _)),
    (.linear(let convolution), .convolution(let weights, let bias, _)):
    let sums = inputs[0].convolved(
      convolution, weights: weights.map { Double($0) },
      outside: [Double](repeating: 0, count: inputs[0].extent.channels), extent)
    return activated(sums.map { $0 + Double(bias[$1]) }, convolution.activation)
  case (.transposedConvolution(let convolution), .convolution(let weights, let bias, _)):
    let sums = inputs[0].convolvedTransposed(convolution, weights: weights.map { Double($0) }, extent)
    return activated(sums.map { $0 + Double(bias[$1]) }, convolution.activation)
  case (.affine(let activation), .affine(let scale, let shift, _)):
    return activated(inputs[0].map { $0 * Double(scale[$1]) + Double(shift[$1]) }, activation)
  case (.copy(let activation), _): return activated(inputs[0], activation)
  case (.add(let addition), _):
    let (base, branch) = (inputs[0].resampled(addition.base), inputs[1].resampled(addition.branch))
    let sums = Plane(extent) { row, column, channel in
      let gate = addition.isGated ? inputs[2][0, 0, channel] : 1
      return base[row, column, channel] + branch[row, column, channel] * gate
    }
    return activated(sums, addition.activation)
  case (.multiply, _): return inputs[0].map { $0 * inputs[1][0, 0, $1] }
  case (.gate(let gate), .gate(let reduce, let expand, let reduceBias, let expandBias)):
    let means = inputs[0].pixelSums().map { $0 / Double(inputs[0].extent.pixels) }
    let hidden = (0..<gate.hidden).map { max(dot(reduce, row: $0, means) + Double(reduceBias?[$0] ?? 0), 0) }
    return Plane(extent) { sigmoid(dot(expand, row: $2, hidden) + Double(expandBias?[$2] ?? 0)) }
  case (.maxPool(let pool), _): return inputs[0].maxPooled(pool, extent)
  case (.averagePool(let pool), _):
    let (sums, counts) = inputs[0].pooledSums(
      pool, extent, outside: [Double](repeating: 0, count: extent.channels))
    return Plane(extent, zip(sums.values, counts).map { $0 / Double($1) })
  case (.globalAverage, _): return Plane(extent, inputs[0].pixelSums().map { $0 / Double(inputs[0].extent.pixels) })
  case (.upsample, _): return inputs[0].resampled(.upsample)
  case (.concatenate, _): return .concatenated(inputs, extent)
  case (.slice(let first, let count), _): return inputs[0].sliced(first: first, count: count)
  case (.depthToSpace(let rearrangement), _): return inputs[0].spread(rearrangement, extent)
  case (.sigmoid, _): return inputs[0].map { value, _ in sigmoid(value) }
  case (.softmax, _):
    return Plane(extent) { sigmoid(inputs[0][$0, $1, $2] - inputs[0][$0, $1, $2 ^ 1]) }
  case (.normalise, _):
    let norm = inputs[0].values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? inputs[0].map { value, _ in value / norm } : inputs[0]
  case (.convolution, _), (.linear, _), (.transposedConvolution, _), (.affine, _), (.gate, _):
    preconditionFailure("the graph was checked")
  }
}

extension Activation {
  func apply(_ value: Double, slope: Float) -> Double {
    switch self {
    case .none: value
    case .relu: max(value, 0)
    case .leaky(let slope): value < 0 ? value * Double(slope) : value
    case .prelu: value < 0 ? value * Double(slope) : value
    case .clamp(let low, let high): min(max(value, Double(low)), Double(high))
    }
  }
}

extension Plane<Double> {
  /// Each input pixel adds its value times the kernel to the outputs from `stride` times its place on.
  fileprivate func convolvedTransposed(
    _ convolution: Convolution, weights: [Double], _ output: Extent
  ) -> Plane<Double> {
    let (window, groups) = (convolution.window, convolution.grouping.count(inputs: extent.channels))
    let (inputs, outputs) = (extent.channels / groups, convolution.outputs / groups)
    return Plane(output) { row, column, channel in
      var sum = 0.0
      for y in 0..<extent.height {
        for x in 0..<extent.width {
          let kernelRow = row + window.padding.top - y * window.stride.height
          let kernelColumn = column + window.padding.left - x * window.stride.width
          guard (0..<window.kernel.height).contains(kernelRow), (0..<window.kernel.width).contains(kernelColumn)
          else { continue }
          let position = (channel * window.kernel.height + kernelRow) * window.kernel.width + kernelColumn
          for input in 0..<inputs {
            sum += weights[position * inputs + input] * self[y, x, channel / outputs * inputs + input]
          }
        }
      }
      return sum
    }
  }
}

private func dot(_ matrix: [Float], row: Int, _ vector: [Double]) -> Double {
  vector.indices.reduce(0) { $0 + Double(matrix[row * vector.count + $1]) * vector[$1] }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }

/// e to the power of `x` by halving, squaring and a series: a library for this one function is not needed.
private func exponential(_ x: Double) -> Double {
  let x = min(max(x, -700), 700)
  var (reduced, squarings) = (x, 0)
  while abs(reduced) > 0.25 {
    reduced /= 2
    squarings += 1
  }
  var (sum, term) = (1.0, 1.0)
  for power in 1...14 {
    term *= reduced / Double(power)
    sum += term
  }
  for _ in 0..<squarings { sum *= sum }
  return sum
}
