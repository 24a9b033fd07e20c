extension OperatorTranslation {
  /// Add, Sub, Mul and Div, of two planes or of a plane and constants that are one for each channel.
  mutating func arithmetic(_ node: ONNXNode, _ kind: BinaryArithmetic) throws(NodeFault) {
    guard node.inputs.count == 2 else { throw NodeFault("with \(node.inputs.count) operands") }
    if isPlane(node, 0), isPlane(node, 1) {
      return bind(node, .plane(try combine(node, kind, try plane(node, 0), try plane(node, 1))))
    }
    let planeIsFirst = isPlane(node, 0)
    var input = try plane(node, planeIsFirst ? 0 : 1)
    let numbers = try channelNumbers(node, planeIsFirst ? 1 : 0, beside: graph.shapes[input])
    let zeros = [Float](repeating: 0, count: numbers.count)
    let ones = [Float](repeating: 1, count: numbers.count)
    let affine: ONNXOperator
    switch (kind, planeIsFirst) {
    case (.add, _): affine = .affine(scale: ones, shift: numbers)
    case (.subtract, true): affine = .affine(scale: ones, shift: numbers.map { -$0 })
    case (.subtract, false): affine = .affine(scale: ones.map { -$0 }, shift: numbers)
    case (.multiply, _): affine = .affine(scale: numbers, shift: zeros)
    case (.divide, true):
      affine = .affine(scale: numbers.map { Float(1 / Double($0)) }, shift: zeros)
    case (.divide, false):
      input = try emit(node, .reciprocal, [input], shape: graph.shapes[input])
      affine = .affine(scale: numbers, shift: zeros)
    }
    if case .affine(let scale, _) = affine, !scale.allSatisfy(\.isFinite) { throw NodeFault("with a divisor of 0") }
    bind(node, .plane(try emit(node, affine, [input], shape: graph.shapes[input])))
  }

  /// Sum of any number of planes.
  mutating func sum(_ node: ONNXNode) throws(NodeFault) {
    var total = try plane(node, 0)
    for index in node.inputs.indices.dropFirst() { total = try combine(node, .add, total, try plane(node, index)) }
    bind(node, .plane(total))
  }

  private mutating func combine(
    _ node: ONNXNode, _ kind: BinaryArithmetic, _ a: Int, _ b: Int
  ) throws(NodeFault) -> Int {
    guard let shape = broadcastShape(graph.shapes[a], graph.shapes[b]) else {
      throw NodeFault("whose operands \(graph.shapes[a]) and \(graph.shapes[b]) do not fit")
    }
    return try emit(node, .binary(kind), [a, b], shape: shape)
  }

  /// Min and Max with one number.
  mutating func limit(_ node: ONNXNode, isMinimum: Bool) throws(NodeFault) {
    guard node.inputs.count == 2 else { throw NodeFault("with \(node.inputs.count) operands instead of 2") }
    let planeIsFirst = isPlane(node, 0)
    let input = try plane(node, planeIsFirst ? 0 : 1)
    let numbers = try channelNumbers(node, planeIsFirst ? 1 : 0, beside: graph.shapes[input])
    guard numbers.count == 1, let bound = numbers.first else { throw NodeFault("with a bound for each channel") }
    let kind = ONNXOperator.clip(minimum: isMinimum ? -.infinity : bound, maximum: isMinimum ? bound : .infinity)
    bind(node, .plane(try emit(node, kind, [input], shape: graph.shapes[input])))
  }

  mutating func power(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let exponent = try constant(node, 1)
    guard exponent.count == 1, let value = exponent.floats.first else { throw NodeFault("with several exponents") }
    switch value {
    case 1: alias(node)
    case 2: bind(node, .plane(try combine(node, .multiply, input, input)))
    case 0.5: try replace(node, .squareRoot)
    default: throw NodeFault("with the exponent \(value)")
    }
  }

  /// The constant operand as one number, or as one for each channel (axis 1) of a plane of this shape.
  ///
  /// Any shape will do that stretches to the plane's and is the same everywhere in a channel.
  mutating func channelNumbers(_ node: ONNXNode, _ index: Int, beside shape: [Int]) throws(NodeFault) -> [Float] {
    let constant = try constant(node, index)
    let numbers = constant.floats
    guard numbers.allSatisfy({ $0.isFinite }) else { throw NodeFault("with a constant that is no finite number") }
    guard let first = numbers.first else { throw NodeFault("with a constant of no numbers") }
    let leading = constant.shape.prefix(max(0, constant.shape.count - shape.count))
    let lengths = Array(constant.shape.dropFirst(leading.count))
    guard leading.allSatisfy({ $0 == 1 }), broadcastShape(lengths, shape) == shape else {
      throw NodeFault("with a constant of \(constant.shape) beside \(shape)")
    }
    if numbers.count == 1 { return numbers }
    let axis = 1 - (shape.count - lengths.count)
    let channels = lengths.indices.contains(axis) ? lengths[axis] : 1
    let inner = lengths.dropFirst(max(0, axis + 1)).reduce(1, *)
    let perChannel = (0..<channels).map { numbers[$0 * inner] }
    guard numbers.indices.allSatisfy({ numbers[$0] == perChannel[$0 / inner % channels] }) else {
      throw NodeFault("with a constant of \(constant.shape) that differs within a channel")
    }
    return channels == 1 ? [first] : perChannel
  }

  // MARK: - Normalisation and activation

  mutating func batchNormalisation(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    guard shape.count >= 2 else { throw NodeFault("over \(shape.count) axes") }
    guard try node.integer("training_mode") ?? 0 == 0 else { throw NodeFault("in training mode") }
    guard try node.integer("spatial") ?? 1 == 1 else { throw NodeFault("with statistics for each pixel") }
    var parameters: [[Double]] = []
    for index in 1...4 {
      let numbers = try constant(node, index).floats
      guard numbers.count == shape[1] else {
        throw NodeFault("with \(numbers.count) numbers for \(shape[1]) channels")
      }
      parameters.append(numbers.map { Double($0) })
    }
    let epsilon = Double(try node.float("epsilon") ?? 1e-5)
    let scale = zip(parameters[0], parameters[3]).map { $0 / ($1 + epsilon).squareRoot() }
    let shift = parameters[1].indices.map { parameters[1][$0] - parameters[2][$0] * scale[$0] }
    guard scale.allSatisfy(\.isFinite), shift.allSatisfy(\.isFinite) else {
      throw NodeFault("with statistics that are no finite numbers, or a negative variance")
    }
    try replace(node, .affine(scale: scale.map { Float($0) }, shift: shift.map { Float($0) }))
  }

  mutating func prelu(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let shape = graph.shapes[input]
    let slopes = try constant(node, 1)
    // MXNet's exporter left the axes out: as many slopes as channels are the channels', unless they fit the last axis.
    if slopes.shape.count == 1, shape.count > 2, slopes.count == shape[1], slopes.count > 1, slopes.count != shape.last
    {
      return try replace(node, .prelu(slopes: slopes.floats))
    }
    try replace(node, .prelu(slopes: try channelNumbers(node, 1, beside: shape)))
  }

  mutating func clip(_ node: ONNXNode) throws(NodeFault) {
    var bounds: [Float] = []
    for (index, (name, missing)) in [("min", -Float.infinity), ("max", Float.infinity)].enumerated() {
      if let constant = try optionalConstant(node, index + 1) {
        guard constant.count == 1 else { throw NodeFault("with \(constant.count) bounds") }
        bounds += constant.floats
      } else {
        bounds.append(try node.float(name) ?? missing)
      }
    }
    guard bounds[0] <= bounds[1] else { throw NodeFault("from \(bounds[0]) to \(bounds[1])") }
    try replace(node, .clip(minimum: bounds[0], maximum: bounds[1]))
  }

  mutating func leakyRelu(_ node: ONNXNode) throws(NodeFault) {
    try replace(node, .prelu(slopes: [try node.float("alpha") ?? 0.01]))
  }

  mutating func hardSigmoid(_ node: ONNXNode) throws(NodeFault) {
    try replace(node, .hardSigmoid(slope: try node.float("alpha") ?? 0.2, offset: try node.float("beta") ?? 0.5))
  }

  /// Before opset 13 an axis stood for itself and all behind it.
  mutating func softmax(_ node: ONNXNode) throws(NodeFault) {
    let rank = graph.shapes[try plane(node, 0)].count
    let axis = try resolvedAxis(try node.integer("axis") ?? (opset < 13 ? 1 : -1), rank: rank)
    let axes = opset < 13 ? Array(axis..<rank) : [axis]
    let shape = graph.shapes[try plane(node, 0)]
    let long = axes.filter { shape[$0] > 1 }
    try replace(node, .softmax(axes: long.isEmpty ? [axis] : long))
  }

  mutating func lpNormalisation(_ node: ONNXNode) throws(NodeFault) {
    guard try node.integer("p") ?? 2 == 2 else { throw NodeFault("with the norm of p = \(try node.integer("p") ?? 2)") }
    let rank = graph.shapes[try plane(node, 0)].count
    try replace(node, .normalise(axes: [try resolvedAxis(try node.integer("axis") ?? -1, rank: rank)]))
  }

  // MARK: - Linear layers

  mutating func gemm(_ node: ONNXNode) throws(NodeFault) {
    var input = try plane(node, 0)
    if try node.integer("transA") ?? 0 != 0 {
      let shape = graph.shapes[input]
      guard shape.count == 2 else { throw NodeFault("over \(shape.count) axes instead of 2") }
      input = try emit(node, .transpose(order: [1, 0]), [input], shape: [shape[1], shape[0]])
    }
    let alpha = try node.float("alpha") ?? 1
    let beta = try node.float("beta") ?? 1
    var weights = try rows(node, ofOutputs: try node.integer("transB") ?? 0 != 0, input: input)
    if alpha != 1 {
      try spend([weights.numbers.count])
      weights.numbers = weights.numbers.map { $0 * alpha }
    }
    var bias: [Float]?
    if isPresent(node, 2) {
      let numbers = try constant(node, 2).floats
      guard numbers.count == weights.outputs || numbers.count == 1 else {
        throw NodeFault("whose bias has \(numbers.count) numbers instead of \(weights.outputs)")
      }
      let scaled = numbers.map { $0 * beta }
      bias = numbers.count == weights.outputs ? scaled : [Float](repeating: scaled[0], count: weights.outputs)
    }
    bind(
      node, .plane(try emit(node, .linear(weights: weights.numbers, bias: bias), [input], shape: [1, weights.outputs])))
  }

  mutating func matrixProduct(_ node: ONNXNode) throws(NodeFault) {
    let input = try plane(node, 0)
    let weights = try rows(node, ofOutputs: false, input: input)
    bind(
      node, .plane(try emit(node, .linear(weights: weights.numbers, bias: nil), [input], shape: [1, weights.outputs])))
  }

  /// The second operand as [output][input]; `ofOutputs` says that the file has it so.
  private mutating func rows(
    _ node: ONNXNode, ofOutputs: Bool, input: Int
  ) throws(NodeFault) -> (numbers: [Float], outputs: Int) {
    let matrix = try constant(node, 1)
    let shape = graph.shapes[input]
    guard shape.count == 2, shape[0] == 1, matrix.shape.count == 2, matrix.count > 0 else {
      throw NodeFault("of \(shape) and \(matrix.shape)")
    }
    let (outputs, inputs) = ofOutputs ? (matrix.shape[0], matrix.shape[1]) : (matrix.shape[1], matrix.shape[0])
    guard inputs == shape[1] else { throw NodeFault("of \(shape) and \(matrix.shape)") }
    if ofOutputs { return (matrix.floats, outputs) }
    try spend(matrix.shape)
    let numbers = matrix.floats
    let transposed = [Float](unsafeUninitializedCapacity: numbers.count) { result, count in
      for output in 0..<outputs {
        for input in 0..<inputs {
          result.initializeElement(at: output * inputs + input, to: numbers[input * outputs + output])
        }
      }
      count = numbers.count
    }
    return (transposed, outputs)
  }
}
