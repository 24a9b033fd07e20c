import Checkpoint

/// Computes an `OperatorGraph` one number at a time, as its operators are documented: slow, and nothing to be shared
/// with what it checks.
struct OperatorInterpreter {
  struct Tensor {
    var shape: [Int]
    var values: [Float]

    /// The value at a position, of which axes of one element take any.
    func at(_ position: [Int]) -> Float {
      var offset = 0
      let skipped = position.count - shape.count
      for (axis, length) in shape.enumerated() {
        offset = offset * length + (length == 1 ? 0 : position[axis + skipped])
      }
      return values[offset]
    }
  }

  let graph: OperatorGraph

  /// The outputs by name, for an image in the input's order of axes.
  func run(_ image: [Float]) -> [String: Tensor] {
    var values = [Tensor?](repeating: nil, count: graph.shapes.count)
    values[OperatorGraph.image] = Tensor(shape: graph.shapes[OperatorGraph.image], values: image)
    var lastReader = [Int](repeating: -1, count: graph.shapes.count)
    for (position, operation) in graph.operations.enumerated() {
      for input in operation.inputs { lastReader[input] = position }
    }
    for output in graph.outputs { lastReader[output.value] = .max }
    for (position, operation) in graph.operations.enumerated() {
      let operands = operation.inputs.compactMap { values[$0] }
      let shape = graph.shapes[operation.output]
      let result = Tensor(shape: shape, values: compute(operation.kind, operands, shape))
      precondition(
        result.values.count == shape.reduce(1, *), "\(operation.name) makes \(result.values.count) of \(shape)")
      values[operation.output] = result
      for input in operation.inputs where lastReader[input] == position { values[input] = nil }
    }
    var outputs: [String: Tensor] = [:]
    for output in graph.outputs { outputs[output.name] = values[output.value] }
    return outputs
  }

  private func compute(_ kind: ONNXOperator, _ x: [Tensor], _ shape: [Int]) -> [Float] {
    switch kind {
    case .convolution(let convolution): return convolve(convolution, x[0], shape)
    case .transposedConvolution(let convolution): return convolveTransposed(convolution, x[0], shape)
    case .linear(let weights, let bias):
      let count = x[0].values.count
      return (0..<shape[1]).map { output in
        var sum = 0.0
        for input in 0..<count { sum += Double(weights[output * count + input]) * Double(x[0].values[input]) }
        return Float(sum) + (bias?[output] ?? 0)
      }
    case .affine(let scale, let shift):
      return perChannel(x[0], scale.count) { value, index in value * scale[index] + shift[index] }
    case .prelu(let slopes):
      return perChannel(x[0], slopes.count) { value, index in value < 0 ? value * slopes[index] : value }
    case .clip(let low, let high): return x[0].values.map { min(max($0, low), high) }
    case .sigmoid: return x[0].values.map { 1 / (1 + exponential(-$0)) }
    case .hardSigmoid(let slope, let offset): return x[0].values.map { min(max($0 * slope + offset, 0), 1) }
    case .hardSwish: return x[0].values.map { $0 * min(max($0 / 6 + 0.5, 0), 1) }
    case .squareRoot: return x[0].values.map { $0.squareRoot() }
    case .reciprocal: return x[0].values.map { 1 / $0 }
    case .softmax(let axes):
      let peak = reduced(x[0], axes, -.infinity, max)
      let powers = Tensor(shape: shape, values: positions(shape).map { exponential(x[0].at($0) - peak.at($0)) })
      let sums = reduced(powers, axes, 0, +)
      return positions(shape).map { powers.at($0) / sums.at($0) }
    case .binary(let kind):
      return zip(stretched(x[0], shape), stretched(x[1], shape)).map { a, b in
        switch kind {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        }
      }
    case .reduce(let kind, let axes):
      let count = Float(axes.reduce(1) { $0 * x[0].shape[$1] })
      switch kind {
      case .sum: return reduced(x[0], axes, 0, +).values
      case .mean: return reduced(x[0], axes, 0, +).values.map { $0 / count }
      case .maximum: return reduced(x[0], axes, -.infinity, max).values
      case .euclideanLength: return lengths(x[0], axes).values
      }
    case .normalise(let axes):
      let lengths = lengths(x[0], axes)
      return positions(shape).map { x[0].at($0) / lengths.at($0) }
    case .maxPool(let kind): return pool(kind.window, x[0], shape) { values, _ in values.max() ?? 0 }
    case .averagePool(let kind, let countsPadding):
      return pool(kind.window, x[0], shape) { values, padded in
        values.reduce(0, +) / Float(countsPadding ? padded : values.count)
      }
    case .resizeNearest(let rows, let columns):
      return positions(shape).map { x[0].at([$0[0], $0[1], $0[2] / rows, $0[3] / columns]) }
    case .concatenate(let axis):
      return positions(shape).map { position in
        var position = position
        for part in x {
          if position[axis] < part.shape[axis] { return part.at(position) }
          position[axis] -= part.shape[axis]
        }
        preconditionFailure("the parts are as long as the result")
      }
    case .slice(let axis, let start, let step):
      return positions(shape).map { position in
        var position = position
        position[axis] = start + position[axis] * step
        return x[0].at(position)
      }
    case .pad(let front, _, let value):
      return positions(shape).map { position in
        let inside = position.indices.map { position[$0] - front[$0] }
        return inside.indices.allSatisfy { (0..<x[0].shape[$0]).contains(inside[$0]) } ? x[0].at(inside) : value
      }
    case .reshape: return x[0].values
    case .transpose(let order):
      return positions(shape).map { position in
        var source = position
        for (axis, from) in order.enumerated() { source[from] = position[axis] }
        return x[0].at(source)
      }
    case .expand: return stretched(x[0], shape)
    }
  }

  // MARK: - Parts

  /// Every position of a shape, in row-major order.
  private func positions(_ shape: [Int]) -> [[Int]] {
    var positions: [[Int]] = [[]]
    for length in shape { positions = positions.flatMap { front in (0..<length).map { front + [$0] } } }
    return positions
  }

  private func stretched(_ x: Tensor, _ shape: [Int]) -> [Float] {
    x.shape == shape ? x.values : positions(shape).map { x.at($0) }
  }

  private func perChannel(_ x: Tensor, _ count: Int, _ body: (Float, Int) -> Float) -> [Float] {
    let inner = x.shape.dropFirst(2).reduce(1, *)
    return x.values.indices.map { body(x.values[$0], count == 1 ? 0 : $0 / inner % count) }
  }

  private func reduced(_ x: Tensor, _ axes: [Int], _ start: Float, _ body: (Float, Float) -> Float) -> Tensor {
    let kept = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
    var result = Tensor(shape: kept, values: [Float](repeating: start, count: kept.reduce(1, *)))
    for (value, position) in zip(x.values, positions(x.shape)) {
      var offset = 0
      for (axis, length) in kept.enumerated() { offset = offset * length + (length == 1 ? 0 : position[axis]) }
      result.values[offset] = body(result.values[offset], value)
    }
    return result
  }

  private func lengths(_ x: Tensor, _ axes: [Int]) -> Tensor {
    var sums = reduced(Tensor(shape: x.shape, values: x.values.map { $0 * $0 }), axes, 0, +)
    sums.values = sums.values.map { $0.squareRoot() }
    return sums
  }

  /// Weight by weight, each along the rows that it reaches.
  private func convolve(_ convolution: ONNXConvolution, _ x: Tensor, _ shape: [Int]) -> [Float] {
    let window = convolution.window
    let inputs = convolution.inputChannels / convolution.groups
    let outputs = convolution.outputChannels / convolution.groups
    let (height, width) = (x.shape[2], x.shape[3])
    let area = shape[2] * shape[3]
    var result = (0..<shape[1]).flatMap { [Float](repeating: convolution.bias?[$0] ?? 0, count: area) }
    var nextWeight = convolution.weights.makeIterator()
    x.values.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { result in
        for output in 0..<shape[1] {
          for input in 0..<inputs {
            let plane = (output / outputs * inputs + input) * height
            for y in 0..<window.kernel.rows {
              for z in 0..<window.kernel.columns {
                let weight = nextWeight.next() ?? 0
                let shift = z * window.dilations.columns - window.padding.left
                for row in 0..<shape[2] {
                  let sourceRow = row * window.strides.rows + y * window.dilations.rows - window.padding.top
                  guard sourceRow >= 0, sourceRow < height else { continue }
                  let from = (plane + sourceRow) * width
                  let to = output * area + row * shape[3]
                  for column in 0..<shape[3] {
                    let sourceColumn = column * window.strides.columns + shift
                    if sourceColumn >= 0, sourceColumn < width {
                      result[to + column] += weight * source[from + sourceColumn]
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  private func convolveTransposed(_ convolution: ONNXConvolution, _ x: Tensor, _ shape: [Int]) -> [Float] {
    let window = convolution.window
    let (inputs, outputs) = (
      convolution.inputChannels / convolution.groups, convolution.outputChannels / convolution.groups
    )
    let area = shape[2] * shape[3]
    var result = (0..<shape[1]).flatMap { [Float](repeating: convolution.bias?[$0] ?? 0, count: area) }
    for input in 0..<convolution.inputChannels {
      for row in 0..<x.shape[2] {
        for column in 0..<x.shape[3] {
          let value = x.values[(input * x.shape[2] + row) * x.shape[3] + column]
          for output in 0..<outputs {
            for y in 0..<window.kernel.rows {
              for z in 0..<window.kernel.columns {
                let targetRow = row * window.strides.rows + y * window.dilations.rows - window.padding.top
                let targetColumn = column * window.strides.columns + z * window.dilations.columns - window.padding.left
                guard (0..<shape[2]).contains(targetRow), (0..<shape[3]).contains(targetColumn) else { continue }
                let channel = input / inputs * outputs + output
                result[channel * area + targetRow * shape[3] + targetColumn] +=
                  value
                  * convolution.weights[
                    ((input * outputs + output) * window.kernel.rows + y) * window.kernel.columns + z]
              }
            }
          }
        }
      }
    }
    return result
  }

  /// `body` gets the window's values inside the plane, and how many positions it has inside the padded plane.
  private func pool(_ window: ONNXWindow, _ x: Tensor, _ shape: [Int], _ body: ([Float], Int) -> Float) -> [Float] {
    let (height, width) = (x.shape[2], x.shape[3])
    return positions(shape).map { position in
      var inside: [Float] = []
      var padded = 0
      for y in 0..<window.kernel.rows {
        for z in 0..<window.kernel.columns {
          let row = position[2] * window.strides.rows + y * window.dilations.rows - window.padding.top
          let column = position[3] * window.strides.columns + z * window.dilations.columns - window.padding.left
          if row < height + window.padding.bottom, column < width + window.padding.right { padded += 1 }
          guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
          inside.append(x.at([0, position[1], row, column]))
        }
      }
      return body(inside, padded)
    }
  }
}
