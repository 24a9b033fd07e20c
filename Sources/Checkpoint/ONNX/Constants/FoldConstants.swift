extension OperatorTranslation {
  /// Computes a node whose operands are all known: what exporters leave of the arithmetic with shapes, and weights that
  /// they bring into form in the graph.
  mutating func fold(_ node: ONNXNode) throws(NodeFault) {
    if let constant = try folded(node) {
      bind(node, .constant(constant))
    } else {
      throw NodeFault("of constants alone")
    }
  }

  private mutating func folded(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant? {
    if let arithmetic = ConstantArithmetic(rawValue: node.type) { return try folded(node, arithmetic) }
    switch node.type {
    case "Identity", "Dropout": return try constant(node, 0)
    case "Shape": return ONNXConstant(list: try extent(node, of: try constant(node, 0).shape))
    case "Size": return ONNXConstant(shape: [], integers: [try constant(node, 0).count])
    case "Cast": return try cast(node)
    case "Gather": return try gathered(node)
    case "Slice": return try sliced(node)
    case "Concat": return try concatenated(node)
    case "Where": return try chosen(node)
    case "Range": return try range(node)
    case "ConstantOfShape": return try filled(node)
    case "Expand": return try expanded(node)
    case "Transpose": return try transposed(node)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze": return try reshaped(node)
    case "Floor": return try mapped(node) { $0.rounded(.down) }
    case "Ceil": return try mapped(node) { $0.rounded(.up) }
    case "Sqrt": return try mapped(node) { $0.squareRoot() }
    case "Reciprocal": return try mapped(node) { 1 / $0 }
    case "Neg": return try mapped(node, integer: { 0 &- $0 }) { -$0 }
    case "Abs": return try mapped(node, integer: { $0 < 0 ? 0 &- $0 : $0 }) { $0.magnitude }
    case "Not": return try mapped(node, integer: { $0 == 0 ? 1 : 0 }) { $0 == 0 ? 1 : 0 }
    case "ReduceProd": return try product(node)
    default: return nil
    }
  }

  /// The lengths that Shape gives: of all axes, or from `start` to `end`.
  func extent(_ node: ONNXNode, of shape: [Int]) throws(NodeFault) -> [Int] {
    func bounded(_ position: Int) -> Int { min(max(position < 0 ? position + shape.count : position, 0), shape.count) }
    let (start, end) = (bounded(try node.integer("start") ?? 0), bounded(try node.integer("end") ?? shape.count))
    return start < end ? Array(shape[start..<end]) : []
  }

  /// The value of a Constant node, in whichever attribute it is.
  func constantValue(_ node: ONNXNode) throws(NodeFault) -> Value {
    if case .tensor(let tensor) = node.attributes["value"] {
      if case .unreadable(let type) = tensor.contents { throw NodeFault("of the type \(type)") }
      return .tensor(tensor)
    }
    if let value = try node.float("value_float") { return .constant(ONNXConstant(shape: [], floats: [value])) }
    if let value = try node.integer("value_int") { return .constant(ONNXConstant(shape: [], integers: [value])) }
    if let values = try node.floats("value_floats") {
      return .constant(ONNXConstant(shape: [values.count], floats: values))
    }
    if let values = try node.integers("value_ints") { return .constant(ONNXConstant(list: values)) }
    throw NodeFault("of texts or of a sparse tensor")
  }

  // MARK: - Element by element

  private mutating func folded(
    _ node: ONNXNode, _ arithmetic: ConstantArithmetic
  ) throws(NodeFault) -> ONNXConstant? {
    var result = try constant(node, 0)
    for index in node.inputs.indices.dropFirst() {
      let other = try constant(node, index)
      try spend(broadcastShape(result.shape, other.shape) ?? [])
      guard let next = arithmetic.apply(result, other) else { throw NodeFault("of \(result.shape) and \(other.shape)") }
      result = next
    }
    return result
  }

  private mutating func mapped(
    _ node: ONNXNode, integer: ((Int) -> Int)? = nil, _ float: (Float) -> Float
  ) throws(NodeFault) -> ONNXConstant {
    let operand = try constant(node, 0)
    try spend(operand.shape)
    switch operand.numbers {
    case .integers(let integers):
      guard let integer else { throw NodeFault("of integers") }
      return ONNXConstant(shape: operand.shape, integers: integers.map(integer))
    case .floats(let floats): return ONNXConstant(shape: operand.shape, floats: floats.map(float))
    }
  }

  private mutating func cast(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let operand = try constant(node, 0)
    guard let target = try node.integer("to"), ONNXDataType.element(target) != nil else {
      throw NodeFault("to a type that faceq does not read")
    }
    try spend(operand.shape)
    if ONNXDataType.isFloat(target) { return ONNXConstant(shape: operand.shape, floats: operand.floats) }
    guard let integers = operand.truncated else { throw NodeFault("of numbers that are no integers") }
    return ONNXConstant(shape: operand.shape, integers: target == 9 ? integers.map { $0 == 0 ? 0 : 1 } : integers)
  }

  private mutating func chosen(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let condition = try constant(node, 0)
    let (first, second) = (try constant(node, 1), try constant(node, 2))
    guard let both = broadcastShape(first.shape, second.shape), let shape = broadcastShape(both, condition.shape) else {
      throw NodeFault("of \(condition.shape), \(first.shape) and \(second.shape)")
    }
    try spend(shape)
    let isFirst = condition.floats
    let offsets = zip(
      broadcastOffsets(condition.shape, to: shape),
      zip(broadcastOffsets(first.shape, to: shape), broadcastOffsets(second.shape, to: shape)))
    if let a = first.integers, let b = second.integers {
      return ONNXConstant(shape: shape, integers: offsets.map { isFirst[$0] != 0 ? a[$1.0] : b[$1.1] })
    }
    let (a, b) = (first.floats, second.floats)
    return ONNXConstant(shape: shape, floats: offsets.map { isFirst[$0] != 0 ? a[$1.0] : b[$1.1] })
  }

  private mutating func product(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let operand = try constant(node, 0)
    let keepsAxes = try node.integer("keepdims") ?? 1 != 0
    guard let integers = operand.integers, operand.shape.count == 1 else { throw NodeFault("of \(operand.shape)") }
    return ONNXConstant(shape: keepsAxes ? [1] : [], integers: [integers.reduce(1, &*)])
  }

  // MARK: - Other shapes and orders

  private mutating func reshaped(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let operand = try constant(node, 0)
    let shape = operand.shape
    switch node.type {
    case "Flatten":
      let axis = try node.integer("axis") ?? 1
      let split = axis == shape.count ? axis : try resolvedAxis(axis, rank: shape.count)
      return operand.reshaped([shape[..<split].reduce(1, *), shape[split...].reduce(1, *)])
    case "Squeeze":
      let listed = try list(node, "axes", operand: 1)
      let axes = try resolvedAxes(listed ?? shape.indices.filter { shape[$0] == 1 }, rank: shape.count)
      guard axes.allSatisfy({ shape[$0] == 1 }) else { throw NodeFault("of the axes \(axes) of \(shape)") }
      return operand.reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
    case "Unsqueeze":
      return operand.reshaped(try unsqueezed(shape, axes: try list(node, "axes", operand: 1) ?? []))
    default:
      guard let wanted = try list(node, "shape", operand: 1) else { throw NodeFault("without a shape") }
      let isLength = try node.integer("allowzero") ?? 0 != 0
      guard let resolved = resolvedShape(wanted, from: shape, zeroIsLength: isLength) else {
        throw NodeFault("of \(shape) to \(wanted)")
      }
      return operand.reshaped(resolved)
    }
  }

  private mutating func transposed(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let operand = try constant(node, 0)
    let order = try node.integers("perm") ?? Array(operand.shape.indices.reversed())
    guard order.sorted() == Array(operand.shape.indices) else { throw NodeFault("to the order \(order)") }
    try spend(operand.shape)
    let strides = rowMajorStrides(operand.shape)
    let shape = order.map { operand.shape[$0] }
    return operand.picked(strideOffsets(shape, order.map { strides[$0] }), shape: shape)
  }

  private mutating func expanded(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let operand = try constant(node, 0)
    guard let wanted = try constant(node, 1).integers, let shape = broadcastShape(operand.shape, wanted) else {
      throw NodeFault("of \(operand.shape) to what it does not stretch to")
    }
    try spend(shape)
    return operand.picked(broadcastOffsets(operand.shape, to: shape), shape: shape)
  }

  private mutating func gathered(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let (operand, indices) = (try constant(node, 0), try constant(node, 1))
    let axis = try resolvedAxis(try node.integer("axis") ?? 0, rank: operand.shape.count)
    let length = operand.shape[axis]
    guard let listed = indices.integers, listed.allSatisfy({ $0 >= -length && $0 < length }) else {
      throw NodeFault("of elements that are not there")
    }
    let shape = operand.shape[..<axis] + indices.shape + operand.shape[(axis + 1)...]
    try spend(Array(shape))
    let inner = operand.shape[(axis + 1)...].reduce(1, *)
    let outer = operand.shape[..<axis].reduce(1, *)
    let offsets = (0..<outer).flatMap { row in
      listed.flatMap { index in
        let start = (row * length + (index < 0 ? index + length : index)) * inner
        return Array(start..<start + inner)
      }
    }
    return operand.picked(offsets, shape: Array(shape))
  }

  private mutating func sliced(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    let operand = try constant(node, 0)
    try spend(operand.shape)
    var starts = [Int](repeating: 0, count: operand.shape.count)
    var strides = rowMajorStrides(operand.shape)
    var shape = operand.shape
    for cut in try cuts(node, operand.shape) {
      starts[cut.axis] = cut.start * strides[cut.axis]
      // Where that overflows, one element is taken at most.
      strides[cut.axis] &*= cut.step
      shape[cut.axis] = cut.count
    }
    let first = starts.reduce(0, +)
    return operand.picked(strideOffsets(shape, strides).map { first + $0 }, shape: shape)
  }

  private mutating func concatenated(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    var parts: [ONNXConstant] = []
    for index in node.inputs.indices { parts.append(try constant(node, index)) }
    guard let first = parts.first, let along = try node.integer("axis") else { throw NodeFault("without an axis") }
    var shape = first.shape
    let axis = try resolvedAxis(along, rank: shape.count)
    shape[axis] = 0
    for part in parts {
      guard part.shape.count == shape.count,
        shape.indices.allSatisfy({ $0 == axis || part.shape[$0] == shape[$0] })
      else { throw NodeFault("of \(first.shape) and \(part.shape)") }
      shape[axis] += part.shape[axis]
    }
    try spend(shape)
    let outer = shape[..<axis].reduce(1, *)
    func joined<Number>(_ lists: [[Number]]) -> [Number] {
      (0..<outer).flatMap { row in
        lists.flatMap { list in list[row * (list.count / outer)..<(row + 1) * (list.count / outer)] }
      }
    }
    let integers = parts.compactMap(\.integers)
    if integers.count == parts.count { return ONNXConstant(shape: shape, integers: joined(integers)) }
    return ONNXConstant(shape: shape, floats: joined(parts.map(\.floats)))
  }

  // MARK: - Constants from a few numbers

  private mutating func range(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    var numbers: [Int] = []
    for index in 0..<3 {
      guard let values = try constant(node, index).integers, values.count == 1 else { throw NodeFault("of fractions") }
      numbers += values
    }
    let (start, limit, step) = (numbers[0], numbers[1], numbers[2])
    let (distance, overflowed) = limit.subtractingReportingOverflow(start)
    guard step != 0, !overflowed, distance != .min, step != .min else { throw NodeFault("from \(start) to \(limit)") }
    let count = distance.signum() == step.signum() ? (abs(distance) - 1) / abs(step) + 1 : 0
    try spend([count])
    return ONNXConstant(list: (0..<count).map { start + $0 * step })
  }

  private mutating func filled(_ node: ONNXNode) throws(NodeFault) -> ONNXConstant {
    guard let shape = try constant(node, 0).integers, shape.count <= 8 else { throw NodeFault("without a shape") }
    try spend(shape)
    let count = shape.reduce(1, *)
    guard case .tensor(let tensor) = node.attributes["value"] else {
      return ONNXConstant(shape: shape, floats: [Float](repeating: 0, count: count))
    }
    guard let value = tensor.constant(), value.count == 1 else { throw NodeFault("of several numbers") }
    return value.picked([Int](repeating: 0, count: count), shape: shape)
  }
}
