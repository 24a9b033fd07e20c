import QuantRuntime

extension GraphImport {
  mutating func convolution(
    _ operation: ONNXOperation, _ convolution: ONNXConvolution
  ) throws(NodeFault) -> PlaneView {
    let plane = try plane(operation)
    let inputs = convolution.inputChannels / convolution.groups
    let kernel = convolution.window.kernel
    let dilations = convolution.window.dilations
    // Weights that are apart are weights with zeros in between.
    let spread = RowsAndColumns(
      rows: (kernel.rows - 1) * dilations.rows + 1, columns: (kernel.columns - 1) * dilations.columns + 1)
    let weights = try channelsLast(convolution, inputs: inputs, spread: spread) { output, input in
      output * inputs + input
    }
    var window = Window(convolution.window)
    window.kernel = Size(spread.rows, spread.columns)
    return try add(
      operation,
      .convolution(Convolution(outputs: convolution.outputChannels, window, grouping: grouping(convolution))),
      [plane.node], extent(operation), layer: layer(convolution, weights))
  }

  mutating func transposedConvolution(
    _ operation: ONNXOperation, _ convolution: ONNXConvolution
  ) throws(NodeFault) -> PlaneView {
    let plane = try plane(operation)
    let result = extent(operation)
    let window = convolution.window
    guard window.dilations == RowsAndColumns(rows: 1, columns: 1) else { throw NodeFault("with dilations") }
    // Ours cuts as much off behind as in front. Where the file cuts off less behind, such as with output padding, a
    // kernel with zeros at its end reaches as far.
    let (top, left) = (window.padding.top, window.padding.left)
    let kernel = RowsAndColumns(
      rows: result.height - (plane.extent.height - 1) * window.strides.rows + 2 * top,
      columns: result.width - (plane.extent.width - 1) * window.strides.columns + 2 * left)
    guard kernel.rows >= window.kernel.rows, kernel.columns >= window.kernel.columns else {
      throw NodeFault("with more padding behind than in front")
    }
    let (inputs, outputs) = (
      convolution.inputChannels / convolution.groups, convolution.outputChannels / convolution.groups
    )
    let weights = try channelsLast(convolution, inputs: inputs, spread: kernel) { output, input in
      (output / outputs * inputs + input) * outputs + output % outputs
    }
    let kind = Convolution(
      outputs: convolution.outputChannels,
      Window(
        Size(kernel.rows, kernel.columns), stride: Size(window.strides.rows, window.strides.columns),
        padding: Padding(top, left, top, left)), grouping: grouping(convolution))
    return try add(
      operation, .transposedConvolution(kind), [plane.node], result, layer: layer(convolution, weights))
  }

  private func grouping(_ convolution: ONNXConvolution) -> Grouping {
    switch convolution.groups {
    case 1: .dense
    case convolution.inputChannels where convolution.outputChannels == convolution.inputChannels: .depthwise
    case let groups: .groups(groups)
    }
  }

  /// A linear layer over a plane that the file flattens in either order; ours goes through rows, columns, channels.
  mutating func linear(
    _ operation: ONNXOperation, _ weights: [Float], _ bias: [Float]?
  ) throws(NodeFault) -> PlaneView {
    let view = try view(operation)
    let (extent, outputs) = (view.extent, shape(of: operation.output)[1])
    guard view.shape == [1, extent.count] else { throw NodeFault("of a plane of the shape \(view.shape)") }
    try spend(weights.count)
    var ordered = weights
    if view.order == .channelsFirst, extent.pixels > 1 {
      ordered.removeAll(keepingCapacity: true)
      for output in 0..<outputs {
        let row = output * extent.count
        for pixel in 0..<extent.pixels {
          for channel in 0..<extent.channels { ordered.append(weights[row + channel * extent.pixels + pixel]) }
        }
      }
    }
    let kind = Operation.linear(Convolution(outputs: outputs, Window(Size(extent.height, extent.width))))
    let layer = FloatLayer.convolution(
      weights: ordered, bias: bias ?? [Float](repeating: 0, count: outputs), slopes: nil)
    return try add(operation, kind, [view.node], Extent(1, 1, outputs), layer: layer)
      .reshaped(shape(of: operation.output))
  }

  private func layer(_ convolution: ONNXConvolution, _ weights: [Float]) -> FloatLayer {
    .convolution(
      weights: weights, bias: convolution.bias ?? [Float](repeating: 0, count: convolution.outputChannels), slopes: nil)
  }

  /// Weights as [output][kernel row][kernel column][input of the group], of kernels of `spread` with zeros between them
  /// or behind.
  ///
  /// - Parameter kernel: which of the file's kernels an output and an input of its group have.
  private mutating func channelsLast(
    _ convolution: ONNXConvolution, inputs: Int, spread: RowsAndColumns,
    _ kernel: (_ output: Int, _ input: Int) -> Int
  ) throws(NodeFault) -> [Float] {
    guard spread.rows <= 256, spread.columns <= 256 else {
      throw NodeFault("with a kernel of \(spread.rows)×\(spread.columns)")
    }
    try spend(convolution.outputChannels * inputs * spread.rows * spread.columns)
    let (size, dilations) = (convolution.window.kernel, convolution.window.dilations)
    var weights = [Float](repeating: 0, count: convolution.outputChannels * inputs * spread.rows * spread.columns)
    for output in 0..<convolution.outputChannels {
      for input in 0..<inputs {
        let source = kernel(output, input) * size.rows * size.columns
        for row in 0..<size.rows {
          for column in 0..<size.columns {
            let position = (output * spread.rows + row * dilations.rows) * spread.columns + column * dilations.columns
            weights[position * inputs + input] = convolution.weights[source + row * size.columns + column]
          }
        }
      }
    }
    return weights
  }
}
