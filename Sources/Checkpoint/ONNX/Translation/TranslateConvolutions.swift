extension OperatorTranslation {
  mutating func convolution(_ node: ONNXNode) throws(NodeFault) {
    let (input, weights) = try convolutionOperands(node)
    let groups = try positive(try node.integer("group") ?? 1, "groups")
    let (inputs, outputs) = (graph.shapes[input][1], weights.shape[0])
    guard weights.shape[1].multipliedReportingOverflow(by: groups) == (inputs, false), outputs % groups == 0 else {
      throw NodeFault("whose weights \(weights.shape) in \(groups) groups do not fit \(inputs) channels")
    }
    var window = try window(node, kernel: Array(weights.shape[2...]))
    let (height, width) = (graph.shapes[input][2], graph.shapes[input][3])
    window.padding = try padding(node, window, height: height, width: width)
    let size = try outputSize(window, height: height, width: width, roundsUp: false)
    let kind = ONNXOperator.convolution(
      ONNXConvolution(
        window: window, groups: groups, inputChannels: inputs, outputChannels: outputs, weights: weights.floats,
        bias: try bias(node, 2, count: outputs)))
    bind(node, .plane(try emit(node, kind, [input], shape: [1, outputs, size.rows, size.columns])))
  }

  mutating func transposedConvolution(_ node: ONNXNode) throws(NodeFault) {
    let (input, weights) = try convolutionOperands(node)
    let groups = try positive(try node.integer("group") ?? 1, "groups")
    let inputs = graph.shapes[input][1]
    let (outputs, overflowed) = weights.shape[1].multipliedReportingOverflow(by: groups)
    guard weights.shape[0] == inputs, inputs % groups == 0, !overflowed else {
      throw NodeFault("whose weights \(weights.shape) in \(groups) groups do not fit \(inputs) channels")
    }
    var window = try window(node, kernel: Array(weights.shape[2...]))
    let extra = try pair(node, "output_padding", ifMissing: 0)
    let lengths = [graph.shapes[input][2], graph.shapes[input][3]]
    // Without padding; padding cuts the borders of this off.
    let full = RowsAndColumns(
      rows: (lengths[0] - 1) * window.strides.rows + (window.kernel.rows - 1) * window.dilations.rows + 1 + extra.rows,
      columns: (lengths[1] - 1) * window.strides.columns + (window.kernel.columns - 1) * window.dilations.columns + 1
        + extra.columns)
    let automatic = try node.text("auto_pad") ?? "NOTSET"
    var wanted = try node.integers("output_shape")?.suffix(2).map { $0 }
    if wanted == nil, automatic.hasPrefix("SAME") {
      wanted = [lengths[0] * window.strides.rows, lengths[1] * window.strides.columns]
    }
    if let wanted {
      guard wanted.count == 2, wanted.allSatisfy((1...1 << 31).contains) else {
        throw NodeFault("with an output_shape of \(wanted)")
      }
      let total = RowsAndColumns(rows: full.rows - wanted[0], columns: full.columns - wanted[1])
      guard total.rows >= 0, total.columns >= 0 else {
        throw NodeFault("whose output_shape \(wanted) is larger than its kernel reaches")
      }
      window.padding = split(total, lowerFirst: automatic != "SAME_UPPER")
    } else {
      window.padding = try padding(node, window, height: lengths[0], width: lengths[1])
    }
    let padding = window.padding
    let shape = [
      1, outputs, full.rows - padding.top - padding.bottom, full.columns - padding.left - padding.right,
    ]
    let kind = ONNXOperator.transposedConvolution(
      ONNXConvolution(
        window: window, groups: groups, inputChannels: inputs, outputChannels: outputs, weights: weights.floats,
        bias: try bias(node, 2, count: outputs)))
    bind(node, .plane(try emit(node, kind, [input], shape: shape)))
  }

  mutating func pool(_ node: ONNXNode, _ kind: (ONNXPool) -> ONNXOperator) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    guard shape.count == 4 else { throw NodeFault("over \(shape.count) axes instead of 4") }
    guard let kernel = try node.integers("kernel_shape") else { throw NodeFault("without a kernel_shape") }
    var window = try window(node, kernel: kernel)
    window.padding = try padding(node, window, height: shape[2], width: shape[3])
    guard window.padding.top < window.kernel.rows, window.padding.left < window.kernel.columns else {
      throw NodeFault("with padding as large as its window")
    }
    let pool = ONNXPool(window: window, roundsUp: try node.integer("ceil_mode") ?? 0 != 0)
    let size = try outputSize(window, height: shape[2], width: shape[3], roundsUp: pool.roundsUp)
    bind(node, .plane(try emit(node, kind(pool), [input], shape: [1, shape[1], size.rows, size.columns])))
  }

  // MARK: - Parts

  private mutating func convolutionOperands(_ node: ONNXNode) throws(NodeFault) -> (Int, ONNXConstant) {
    let input = try plane(node, 0)
    let weights = try constant(node, 1)
    guard graph.shapes[input].count == 4, weights.shape.count == 4 else {
      throw NodeFault("over \(graph.shapes[input].count) axes instead of 4")
    }
    guard weights.count > 0 else { throw NodeFault("without weights") }
    if let kernel = try node.integers("kernel_shape"), kernel != Array(weights.shape[2...]) {
      throw NodeFault("whose kernel_shape \(kernel) is not that of its weights \(weights.shape)")
    }
    return (input, weights)
  }

  mutating func bias(_ node: ONNXNode, _ index: Int, count: Int) throws(NodeFault) -> [Float]? {
    guard let bias = try optionalConstant(node, index) else { return nil }
    guard bias.count == count else { throw NodeFault("whose bias has \(bias.count) numbers instead of \(count)") }
    return bias.floats
  }

  private func positive(_ value: Int, _ what: String) throws(NodeFault) -> Int {
    guard (1...1 << 20).contains(value) else { throw NodeFault("with \(value) \(what)") }
    return value
  }

  private func window(_ node: ONNXNode, kernel: [Int]) throws(NodeFault) -> ONNXWindow {
    guard kernel.count == 2, kernel.allSatisfy((1...1 << 16).contains) else {
      throw NodeFault("with a kernel of \(kernel)")
    }
    return ONNXWindow(
      kernel: RowsAndColumns(rows: kernel[0], columns: kernel[1]), strides: try pair(node, "strides", ifMissing: 1),
      dilations: try pair(node, "dilations", ifMissing: 1), padding: Sides())
  }

  private func pair(_ node: ONNXNode, _ name: String, ifMissing missing: Int) throws(NodeFault) -> RowsAndColumns {
    let values = try node.integers(name) ?? [missing, missing]
    guard values.count == 2, values.allSatisfy((missing...1 << 16).contains) else {
      throw NodeFault("with \(name) of \(values)")
    }
    return RowsAndColumns(rows: values[0], columns: values[1])
  }

  /// The padding, computed where the file leaves it to `auto_pad`.
  private func padding(
    _ node: ONNXNode, _ window: ONNXWindow, height: Int, width: Int
  ) throws(NodeFault) -> Sides {
    let automatic = try node.text("auto_pad") ?? "NOTSET"
    switch automatic {
    case "NOTSET", "":
      let pads = try node.integers("pads") ?? [0, 0, 0, 0]
      guard pads.count == 4, pads.allSatisfy((0...1 << 16).contains) else { throw NodeFault("with pads of \(pads)") }
      return Sides(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
    case "VALID": return Sides()
    case "SAME_UPPER", "SAME_LOWER":
      func total(_ length: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
        max(0, ((length + stride - 1) / stride - 1) * stride + (kernel - 1) * dilation + 1 - length)
      }
      let (kernel, strides, dilations) = (window.kernel, window.strides, window.dilations)
      return split(
        RowsAndColumns(
          rows: total(height, kernel.rows, strides.rows, dilations.rows),
          columns: total(width, kernel.columns, strides.columns, dilations.columns)),
        lowerFirst: automatic == "SAME_LOWER")
    default: throw NodeFault("with the auto_pad \(printable(automatic))")
    }
  }

  /// Padding on both sides; of an odd number one side gets one more.
  private func split(_ total: RowsAndColumns, lowerFirst: Bool) -> Sides {
    let (rows, columns) =
      lowerFirst ? ((total.rows + 1) / 2, (total.columns + 1) / 2) : (total.rows / 2, total.columns / 2)
    return Sides(top: rows, left: columns, bottom: total.rows - rows, right: total.columns - columns)
  }

  private func outputSize(
    _ window: ONNXWindow, height: Int, width: Int, roundsUp: Bool
  ) throws(NodeFault) -> RowsAndColumns {
    func length(_ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ front: Int, _ behind: Int) -> Int {
      let room = input + front + behind - (kernel - 1) * dilation - 1
      guard room >= 0 else { return 0 }
      var length = (roundsUp ? room + stride - 1 : room) / stride + 1
      // A window that would begin in the padding behind the plane is left out.
      if roundsUp, (length - 1) * stride >= input + front { length -= 1 }
      return length
    }
    let (kernel, strides, dilations, sides) = (window.kernel, window.strides, window.dilations, window.padding)
    let size = RowsAndColumns(
      rows: length(height, kernel.rows, strides.rows, dilations.rows, sides.top, sides.bottom),
      columns: length(width, kernel.columns, strides.columns, dilations.columns, sides.left, sides.right))
    guard size.rows > 0, size.columns > 0 else {
      throw NodeFault("whose window of \(kernel.rows)×\(kernel.columns) is larger than its plane of \(height)×\(width)")
    }
    return size
  }
}
