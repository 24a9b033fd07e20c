extension OperatorTranslation {
  // MARK: - The same elements in another shape

  mutating func reshape(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    guard let wanted = try list(node, "shape", operand: 1) else { throw NodeFault("without a shape") }
    let shape = try resolved(wanted, from: graph.shapes[input], zeroIsLength: try node.integer("allowzero") ?? 0 != 0)
    bind(node, .plane(try reshape(node, input, to: shape)))
  }

  private func resolved(_ wanted: [Int], from shape: [Int], zeroIsLength: Bool) throws(NodeFault) -> [Int] {
    func resolve(_ wanted: [Int]) -> [Int]? { resolvedShape(wanted, from: shape, zeroIsLength: zeroIsLength) }
    // The file's own batch is written into some of its shapes; faceq computes one picture at a time.
    if let declaredBatch, declaredBatch > 1, wanted.first == declaredBatch,
      let shape = resolve([1] + wanted.dropFirst())
    {
      return shape
    }
    guard let resolved = resolve(wanted) else { throw NodeFault("of \(shape) to \(wanted)") }
    return resolved
  }

  mutating func flatten(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let axis = try node.integer("axis") ?? 1
    let split = axis == shape.count ? axis : try resolvedAxis(axis, rank: shape.count)
    bind(
      node,
      .plane(try reshape(node, input, to: [shape[..<split].reduce(1, *), shape[split...].reduce(1, *)])))
  }

  mutating func squeeze(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let listed = try list(node, "axes", operand: 1)
    let axes = try resolvedAxes(listed ?? shape.indices.filter { shape[$0] == 1 }, rank: shape.count)
    guard axes.allSatisfy({ shape[$0] == 1 }) else { throw NodeFault("of the axes \(axes) of \(shape)") }
    bind(node, .plane(try reshape(node, input, to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })))
  }

  mutating func unsqueeze(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = try unsqueezed(graph.shapes[input], axes: try list(node, "axes", operand: 1) ?? [])
    bind(node, .plane(try reshape(node, input, to: shape)))
  }

  func unsqueezed(_ shape: [Int], axes: [Int]) throws(NodeFault) -> [Int] {
    let rank = shape.count + axes.count
    guard rank <= 8 else { throw NodeFault("to \(rank) axes") }
    let added = try resolvedAxes(axes, rank: rank)
    var lengths = shape[...]
    return (0..<rank).map { added.contains($0) ? 1 : lengths.removeFirst() }
  }

  mutating func transpose(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let order = try node.integers("perm") ?? Array(shape.indices.reversed())
    guard order.sorted() == Array(shape.indices) else {
      throw NodeFault("of \(shape.count) axes to the order \(order)")
    }
    let result = order.map { shape[$0] }
    // Axes of one element move without moving any element.
    let long = order.filter { shape[$0] > 1 }
    if long == long.sorted() { return bind(node, .plane(try reshape(node, input, to: result))) }
    bind(node, .plane(try emit(node, .transpose(order: order), [input], shape: result)))
  }

  mutating func expand(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    guard let wanted = try constant(node, 1).integers,
      let shape = broadcastShape(graph.shapes[input], wanted)
    else { throw NodeFault("of \(graph.shapes[input]) to what it does not stretch to") }
    if shape == graph.shapes[input] { return alias(node) }
    bind(node, .plane(try emit(node, .expand, [input], shape: shape)))
  }

  // MARK: - Parts of a plane, and planes together

  mutating func concatenate(_ node: ONNXNode) throws(NodeFault) {
    var parts: [Int] = []
    for index in node.inputs.indices { parts.append(try plane(node, index)) }
    guard let first = parts.first, let along = try node.integer("axis") else { throw NodeFault("without an axis") }
    var shape = graph.shapes[first]
    let axis = try resolvedAxis(along, rank: shape.count)
    for part in parts.dropFirst() {
      let other = graph.shapes[part]
      guard other.count == shape.count, shape.indices.allSatisfy({ $0 == axis || shape[$0] == other[$0] }) else {
        throw NodeFault("of \(graph.shapes[first]) and \(other)")
      }
      shape[axis] += other[axis]
    }
    bind(node, .plane(try emit(node, .concatenate(axis: axis), parts, shape: shape)))
  }

  mutating func slice(_ node: ONNXNode) throws(NodeFault) {
    var plane = try plane(node, 0)
    for cut in try cuts(node, graph.shapes[plane]) { plane = try take(node, plane, cut) }
    bind(node, .plane(plane))
  }

  /// What a Slice takes of one axis.
  struct Cut {
    var axis: Int
    var start: Int
    var step: Int
    var count: Int
  }

  mutating func cuts(_ node: ONNXNode, _ shape: [Int]) throws(NodeFault) -> [Cut] {
    guard let starts = try list(node, "starts", operand: 1), let ends = try list(node, "ends", operand: 2) else {
      throw NodeFault("without a start or an end")
    }
    let axes = try list(node, "axes", operand: 3) ?? Array(starts.indices)
    let steps = try list(node, "steps", operand: 4) ?? [Int](repeating: 1, count: starts.count)
    guard starts.count == ends.count, starts.count == axes.count, starts.count == steps.count else {
      throw NodeFault("with \(starts.count) starts, \(ends.count) ends, \(axes.count) axes and \(steps.count) steps")
    }
    _ = try resolvedAxes(axes, rank: shape.count)
    var cuts: [Cut] = []
    for index in starts.indices {
      let axis = try resolvedAxis(axes[index], rank: shape.count)
      let (length, step) = (shape[axis], steps[index])
      guard step != 0, step.magnitude <= 1 << 32 else { throw NodeFault("with a step of \(step)") }
      // Ends past the axis, such as the largest integer, mean its end.
      func bounded(_ position: Int) -> Int {
        let counted = position < 0 ? max(position, -length - 1) + length : position
        return step > 0 ? min(max(counted, 0), length) : min(max(counted, -1), length - 1)
      }
      // A negative step may start at the last element at most, and end in front of the first one.
      let start = step < 0 ? max(bounded(starts[index]), 0) : bounded(starts[index])
      let room = step > 0 ? bounded(ends[index]) - start : start - bounded(ends[index])
      let stride = Int(step.magnitude)
      cuts.append(
        Cut(axis: axis, start: start, step: step, count: length == 0 ? 0 : max(0, (room + stride - 1) / stride)))
    }
    return cuts
  }

  private mutating func take(_ node: ONNXNode, _ plane: Int, _ cut: Cut) throws(NodeFault) -> Int {
    var shape = graph.shapes[plane]
    if cut.start == 0, cut.step == 1, cut.count == shape[cut.axis] { return plane }
    shape[cut.axis] = cut.count
    return try emit(node, .slice(axis: cut.axis, start: cut.start, step: cut.step), [plane], shape: shape)
  }

  /// Gather of elements that are equally far apart, such as the channels in reverse.
  mutating func gather(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let indices = try constant(node, 1)
    let axis = try resolvedAxis(try node.integer("axis") ?? 0, rank: shape.count)
    guard indices.shape.count <= 1, let listed = indices.integers, let first = listed.first,
      listed.allSatisfy({ $0 >= -shape[axis] && $0 < shape[axis] })
    else { throw NodeFault("of the elements \(indices.shape) of \(shape)") }
    let positions = listed.map { $0 < 0 ? $0 + shape[axis] : $0 }
    let start = first < 0 ? first + shape[axis] : first
    let step = positions.count > 1 ? positions[1] - positions[0] : 1
    guard step != 0, positions.indices.allSatisfy({ positions[$0] == start + $0 * step }) else {
      throw NodeFault("of elements in no even order")
    }
    let cut = Cut(axis: axis, start: start, step: step, count: positions.count)
    var result = try take(node, input, cut)
    if indices.shape.isEmpty {
      var shape = graph.shapes[result]
      shape.remove(at: axis)
      result = try reshape(node, result, to: shape)
    }
    bind(node, .plane(result))
  }

  mutating func split(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let axis = try resolvedAxis(try node.integer("axis") ?? 0, rank: shape.count)
    let count = node.outputs.count
    let each = count == 0 ? 0 : (shape[axis] + count - 1) / count
    let lengths =
      try list(node, "split", operand: 1)
      ?? (0..<count).map { min(each, shape[axis] - $0 * each) }
    guard lengths.count == count, lengths.allSatisfy({ (1...shape[axis]).contains($0) }),
      lengths.reduce(0, +) == shape[axis]
    else { throw NodeFault("of \(shape[axis]) elements into \(lengths)") }
    var start = 0
    for (output, length) in lengths.enumerated() {
      let part = try take(node, input, Cut(axis: axis, start: start, step: 1, count: length))
      bind(node, .plane(part), output: output)
      start += length
    }
  }

  mutating func pad(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let mode = try node.text("mode") ?? "constant"
    guard mode == "constant" else { throw NodeFault("in the mode \(printable(mode))") }
    guard let pads = try list(node, "pads", operand: 1) else { throw NodeFault("without pads") }
    let attribute = try node.float("value")
    let value = try optionalConstant(node, 2)?.floats.first ?? attribute ?? 0
    let axes = try resolvedAxes(try list(node, "axes", operand: 3) ?? Array(shape.indices), rank: shape.count)
    guard pads.count == 2 * axes.count, pads.allSatisfy((0...1 << 16).contains), value.isFinite else {
      throw NodeFault("with pads of \(pads)")
    }
    var front = [Int](repeating: 0, count: shape.count)
    var behind = front
    for (index, axis) in axes.enumerated() {
      front[axis] = pads[index]
      behind[axis] = pads[index + axes.count]
    }
    if pads.allSatisfy({ $0 == 0 }) { return alias(node) }
    let result = shape.indices.map { front[$0] + shape[$0] + behind[$0] }
    bind(node, .plane(try emit(node, .pad(front: front, behind: behind, value: value), [input], shape: result)))
  }

  // MARK: - Reductions and resizing

  mutating func reduce(_ node: ONNXNode, _ kind: Reduction, ofSquares: Bool = false) throws(NodeFault) {
    var input = try plane(node, 0)
    let shape = graph.shapes[input]
    var listed = try list(node, "axes", operand: 1)
    if listed == [] { listed = nil }
    if listed == nil, try node.integer("noop_with_empty_axes") ?? 0 != 0 { return alias(node) }
    let axes = try resolvedAxes(listed ?? Array(shape.indices), rank: shape.count)
    if ofSquares { input = try emit(node, .binary(.multiply), [input, input], shape: shape) }
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    var result = try emit(node, .reduce(kind, axes: axes), [input], shape: kept)
    if try node.integer("keepdims") ?? 1 == 0 {
      result = try reshape(node, result, to: shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
    }
    bind(node, .plane(result))
  }

  mutating func globalPool(_ node: ONNXNode, _ kind: Reduction) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    guard shape.count > 2 else { throw NodeFault("over \(shape.count) axes") }
    let kept = shape.indices.map { $0 < 2 ? shape[$0] : 1 }
    bind(node, .plane(try emit(node, .reduce(kind, axes: Array(2..<shape.count)), [input], shape: kept)))
  }
}

/// A target shape without its −1 (what is left) and, unless `zeroIsLength`, its 0 (as it was); nil where it does not
/// fit.
func resolvedShape(_ wanted: [Int], from shape: [Int], zeroIsLength: Bool) -> [Int]? {
  guard wanted.count <= 8 else { return nil }
  let count = shape.reduce(1, *)
  var resolved = wanted
  for (axis, length) in wanted.enumerated() where length == 0 && !zeroIsLength {
    guard axis < shape.count else { return nil }
    resolved[axis] = shape[axis]
  }
  var known = 1
  for length in resolved where length != -1 {
    let (product, overflowed) = known.multipliedReportingOverflow(by: length)
    guard length >= 0, !overflowed else { return nil }
    known = product
  }
  let open = resolved.indices.filter { resolved[$0] == -1 }
  if open.isEmpty { return known == count && boundedCount(resolved) != nil ? resolved : nil }
  guard open.count == 1, known > 0, count % known == 0 else { return nil }
  resolved[open[0]] = count / known
  return boundedCount(resolved) != nil ? resolved : nil
}
