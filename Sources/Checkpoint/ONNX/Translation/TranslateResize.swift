extension OperatorTranslation {
  /// Resize and Upsample: nearest neighbours, where each pixel becomes equally many.
  ///
  /// The conventions of the opsets and exporters differ in which pixel is the nearest one; what counts is whether each
  /// result is the one that repeating makes.
  mutating func resize(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let mode = try node.text("mode") ?? "nearest"
    guard mode == "nearest" else { throw NodeFault("in the mode \(printable(mode))") }
    let policy = try node.text("keep_aspect_ratio_policy") ?? "stretch"
    guard policy == "stretch" else { throw NodeFault("with the policy \(printable(policy))") }

    let axes = try resolvedAxes(try node.integers("axes") ?? Array(shape.indices), rank: shape.count)
    let (scales, sizes) = try scalesAndSizes(node)
    var lengths = shape
    var ratios = shape.map { _ in 1.0 }
    for (index, axis) in axes.enumerated() {
      if let sizes {
        guard sizes.count == axes.count, sizes[index] > 0 else { throw NodeFault("of \(shape) to \(sizes)") }
        lengths[axis] = axis == 0 && sizes[index] == declaredBatch ? 1 : sizes[index]
        ratios[axis] = Double(lengths[axis]) / Double(shape[axis])
      } else {
        guard scales.count == axes.count, scales[index] > 0, scales[index] <= 1024 else {
          throw NodeFault("of \(shape) by \(scales)")
        }
        lengths[axis] = Int((Double(shape[axis]) * Double(scales[index])).rounded(.down))
        ratios[axis] = Double(scales[index])
      }
    }
    if lengths == shape { return alias(node) }
    guard shape.count == 4, lengths[0] == shape[0], lengths[1] == shape[1] else {
      throw NodeFault("of \(shape) to \(lengths)")
    }
    guard max(lengths[2], lengths[3]) <= 1 << 16 else { throw NodeFault("of \(shape) to \(lengths)") }
    for axis in 2...3 {
      guard lengths[axis] % shape[axis] == 0, try repeats(node, shape[axis], lengths[axis], ratios[axis]) else {
        throw NodeFault(
          "of \(shape[2])×\(shape[3]) to \(lengths[2])×\(lengths[3]), which does not repeat every pixel equally")
      }
    }
    let kind = ONNXOperator.resizeNearest(rows: lengths[2] / shape[2], columns: lengths[3] / shape[3])
    bind(node, .plane(try emit(node, kind, [input], shape: lengths)))
  }

  /// Upsample has scales as an attribute (opset 7) or an operand; Resize has them as the second operand (10), later the
  /// third, or sizes as the fourth.
  private mutating func scalesAndSizes(_ node: ONNXNode) throws(NodeFault) -> (scales: [Float], sizes: [Int]?) {
    if let scales = try node.floats("scales") { return (scales, nil) }
    if node.inputs.count == 2 { return (try constant(node, 1).floats, nil) }
    if let sizes = try optionalConstant(node, 3), sizes.count > 0 {
      guard let lengths = sizes.integers else { throw NodeFault("with sizes that are no integers") }
      return ([], lengths)
    }
    return (try constant(node, 2).floats, nil)
  }

  /// Whether the nearest pixel of each of `length` results is the one that repeating `input` pixels equally has there.
  private func repeats(_ node: ONNXNode, _ input: Int, _ length: Int, _ scale: Double) throws(NodeFault) -> Bool {
    // Resize of opset 10 and Upsample know one convention only.
    let isOld = opset < 11 || node.type == "Upsample"
    let transformation = isOld ? "asymmetric" : try node.text("coordinate_transformation_mode") ?? "half_pixel"
    let rounding = isOld ? "floor" : try node.text("nearest_mode") ?? "round_prefer_floor"
    for result in 0..<length {
      let x: Double
      switch transformation {
      case "asymmetric": x = Double(result) / scale
      case "half_pixel": x = (Double(result) + 0.5) / scale - 0.5
      case "pytorch_half_pixel": x = length > 1 ? (Double(result) + 0.5) / scale - 0.5 : 0
      case "tf_half_pixel_for_nn": x = (Double(result) + 0.5) / scale
      case "align_corners": x = length > 1 ? Double(result) * Double(input - 1) / Double(length - 1) : 0
      default: throw NodeFault("with the transformation \(printable(transformation))")
      }
      let nearest: Double
      switch rounding {
      case "floor": nearest = x.rounded(.down)
      case "ceil": nearest = x.rounded(.up)
      case "round_prefer_floor": nearest = (x - 0.5).rounded(.up)
      case "round_prefer_ceil": nearest = (x + 0.5).rounded(.down)
      default: throw NodeFault("with the rounding \(printable(rounding))")
      }
      if min(max(nearest, 0), Double(input - 1)) != Double(result / (length / input)) { return false }
    }
    return true
  }
}
