import QuantRuntime

extension GraphImport {
  mutating func convolution(
    _ operation: ONNXOperation, _ convolution: ONNXConvolution
  ) throws(NodeFault) -> PlaneView {
    let plane = try plane(operation)
    let groups = convolution.groups
    let grouping: Grouping =
      groups == 1
      ? .dense
      : groups == convolution.inputChannels && groups == convolution.outputChannels ? .depthwise : .groups(groups)
    let inputs = convolution.inputChannels / groups
    let kernel = convolution.window.kernel
    let dilations = convolution.window.dilations
    // Weights that are apart are weights with zeros in between.
    let spread = RowsAndColumns(
      rows: (kernel.rows - 1) * dilations.rows + 1, columns: (kernel.columns - 1) * dilations.columns + 1)
    guard spread.rows <= 256, spread.columns <= 256 else {
      throw NodeFault("with a kernel of \(spread.rows)×\(spread.columns)")
    }
    let weights = channelsLast(
      convolution, rows: convolution.outputChannels, inputs: inputs, spread: spread
    ) { (output: Int, input: Int) in output * inputs + input }
    var window = Window(convolution.window)
    window.kernel = Size(spread.rows, spread.columns)
    return try add(
      operation, .convolution(Convolution(outputs: convolution.outputChannels, window, grouping: grouping)),
      [plane.node],
      extent(operation), layer: layer(convolution, weights))
  }

  mutating func transposedConvolution(
    _ operation: ONNXOperation, _ convolution: ONNXConvolution
  ) throws(NodeFault) -> PlaneView {
    let plane = try plane(operation)
    let result = extent(operation)
    let groups = convolution.groups
    guard convolution.window.dilations == RowsAndColumns(rows: 1, columns: 1) else { throw NodeFault("with dilations") }
    var window = Window(convolution.window)
    // Rows and columns that the file adds at the end are cut off less there.
    window.padding.bottom -=
      result.height
      - transposedLength(
        plane.extent.height, window.kernel.height, window.stride.height, window.padding.top + window.padding.bottom)
    window.padding.right -=
      result.width
      - transposedLength(
        plane.extent.width, window.kernel.width, window.stride.width, window.padding.left + window.padding.right)
    guard window.padding.bottom >= 0, window.padding.right >= 0 else {
      throw NodeFault("with more output padding than padding")
    }
    let (inputs, outputs) = (convolution.inputChannels / groups, convolution.outputChannels / groups)
    let weights = channelsLast(
      convolution, rows: convolution.outputChannels, inputs: inputs, spread: convolution.window.kernel
    ) { (output: Int, input: Int) in (output / outputs * inputs + input) * outputs + output % outputs }
    let grouping: Grouping =
      groups == 1
      ? .dense
      : groups == convolution.inputChannels && groups == convolution.outputChannels ? .depthwise : .groups(groups)
    return try add(
      operation, .transposedConvolution(Convolution(outputs: convolution.outputChannels, window, grouping: grouping)),
      [plane.node], result, layer: layer(convolution, weights))
  }

  /// A linear layer over a plane that the file flattens in either order; ours goes through rows, columns, channels.
  mutating func linear(
    _ operation: ONNXOperation, _ weights: [Float], _ bias: [Float]?
  ) throws(NodeFault) -> PlaneView {
    let view = try view(operation)
    let (extent, outputs) = (view.extent, shape(of: operation.output)[1])
    guard view.shape == [1, extent.count] else { throw NodeFault("of a plane of the shape \(view.shape)") }
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

  private func transposedLength(_ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
    (input - 1) * stride + kernel - padding
  }

  /// Weights as [output][kernel row][kernel column][input of the group], of kernels of `spread` with zeros in between.
  ///
  /// - Parameter kernel: which of the file's kernels an output and an input of its group have.
  private func channelsLast(
    _ convolution: ONNXConvolution, rows: Int, inputs: Int, spread: RowsAndColumns,
    _ kernel: (_ output: Int, _ input: Int) -> Int
  ) -> [Float] {
    let (size, dilations) = (convolution.window.kernel, convolution.window.dilations)
    var weights = [Float](repeating: 0, count: rows * inputs * spread.rows * spread.columns)
    for output in 0..<rows {
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
