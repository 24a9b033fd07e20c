/// Walks the nodes of an ONNX graph once: what is known is computed, what is left becomes operators with known shapes.
struct OperatorTranslation {
  enum Value {
    /// A weight that nothing has asked for yet.
    case tensor(ONNXTensor)
    case constant(ONNXConstant)
    /// A value of the operator graph.
    case plane(Int)
    /// What a node that could not be translated would have made.
    case unknown
  }

  let opset: Int
  /// The batch that the file declares, where it is a number.
  let declaredBatch: Int?
  private(set) var graph: OperatorGraph
  private var values: [String: Value]
  /// Numbers that constants may still grow by.
  private var allowance: Int

  init(_ model: ONNXModel, image: ONNXValue, shape: [Int]) {
    opset = model.opset
    declaredBatch = image.shape?.first ?? nil
    graph = OperatorGraph(inputName: image.name, shapes: [shape])
    values = model.graph.initialisers.mapValues { .tensor($0) }
    values[image.name] = .plane(OperatorGraph.image)
    allowance = model.storedBytes + 1 << 20
  }

  // MARK: - Reading a node's operands

  func isPresent(_ node: ONNXNode, _ index: Int) -> Bool {
    node.inputs.indices.contains(index) && !node.inputs[index].isEmpty
  }

  /// Whether every operand is known now. A node without operands is no such node.
  func isConstant(_ node: ONNXNode) -> Bool {
    let present = node.inputs.filter { !$0.isEmpty }
    return !present.isEmpty
      && present.allSatisfy {
        switch values[$0] {
        case .tensor, .constant: true
        default: false
        }
      }
  }

  /// Whether an operand comes from a node that could not be translated.
  func dependsOnUnknown(_ node: ONNXNode) -> Bool {
    node.inputs.contains { if case .unknown = values[$0] { true } else { false } }
  }

  func isPlane(_ node: ONNXNode, _ index: Int) -> Bool {
    if isPresent(node, index), case .plane = values[node.inputs[index]] { true } else { false }
  }

  func plane(_ node: ONNXNode, _ index: Int) throws(NodeFault) -> Int {
    guard isPresent(node, index), case .plane(let plane) = values[node.inputs[index]] else {
      throw NodeFault("whose operand \(index + 1) is \(isPresent(node, index) ? "a constant" : "missing")")
    }
    return plane
  }

  /// An operand whose numbers are known; nil where it is left out.
  mutating func optionalConstant(_ node: ONNXNode, _ index: Int) throws(NodeFault) -> ONNXConstant? {
    guard isPresent(node, index) else { return nil }
    switch values[node.inputs[index]] {
    case .constant(let constant): return constant
    case .tensor(let tensor):
      guard let constant = tensor.constant() else { throw NodeFault("with numbers that faceq does not read") }
      values[node.inputs[index]] = .constant(constant)
      return constant
    default: throw NodeFault("whose operand \(index + 1) is computed from the image")
    }
  }

  mutating func constant(_ node: ONNXNode, _ index: Int) throws(NodeFault) -> ONNXConstant {
    guard let constant = try optionalConstant(node, index) else {
      throw NodeFault("whose operand \(index + 1) is missing")
    }
    return constant
  }

  /// A list of integers that older opsets have as an attribute and newer ones as an operand; nil where it is left out.
  mutating func list(_ node: ONNXNode, _ name: String, operand: Int) throws(NodeFault) -> [Int]? {
    guard let constant = try optionalConstant(node, operand) else { return try node.integers(name) }
    guard let integers = constant.integers else { throw NodeFault("with \(name) that are no integers") }
    return integers
  }

  // MARK: - Making values

  /// Checks that `shape` is one that a plane can have, and says how many elements that is.
  @discardableResult
  func elementCount(_ shape: [Int]) throws(NodeFault) -> Int {
    var count = 1
    for length in shape {
      let (product, overflowed) = count.multipliedReportingOverflow(by: length)
      guard length > 0, !overflowed, product <= 1 << 31 else {
        throw NodeFault("that makes the impossible shape \(shape)")
      }
      count = product
    }
    guard shape.count <= 8 else { throw NodeFault("that makes \(shape.count) axes") }
    return count
  }

  /// Accounts for constants that are computed: of all together there may not be many more than the file holds.
  mutating func spend(_ shape: [Int]) throws(NodeFault) {
    guard let count = boundedCount(shape) else { throw NodeFault("that makes the impossible shape \(shape)") }
    guard count <= allowance else { throw NodeFault("that computes far more numbers than the file holds") }
    allowance -= count
  }

  mutating func emit(
    _ node: ONNXNode, _ kind: ONNXOperator, _ inputs: [Int], shape: [Int]
  ) throws(NodeFault) -> Int {
    try elementCount(shape)
    graph.shapes.append(shape)
    let output = graph.shapes.count - 1
    graph.operations.append(ONNXOperation(name: node.label, kind: kind, inputs: inputs, output: output))
    return output
  }

  /// An operator of one operand that keeps its shape, as the node's result.
  mutating func replace(_ node: ONNXNode, _ kind: ONNXOperator) throws(NodeFault) {
    let input = try plane(node, 0)
    bind(node, .plane(try emit(node, kind, [input], shape: graph.shapes[input])))
  }

  /// Gives the node's result the shape, unless it has it.
  mutating func reshape(_ node: ONNXNode, _ plane: Int, to shape: [Int]) throws(NodeFault) -> Int {
    try graph.shapes[plane] == shape ? plane : emit(node, .reshape, [plane], shape: shape)
  }

  mutating func bind(_ node: ONNXNode, _ value: Value, output: Int = 0) {
    guard node.outputs.indices.contains(output), !node.outputs[output].isEmpty else { return }
    values[node.outputs[output]] = value
  }

  mutating func alias(_ node: ONNXNode) {
    if let value = values[node.inputs.first ?? ""] { bind(node, value) }
  }

  func hasValue(_ name: String) -> Bool { values[name] != nil }

  mutating func markUnknown(_ node: ONNXNode) {
    for output in node.outputs where !output.isEmpty && values[output] == nil { values[output] = .unknown }
  }

  mutating func addOutput(_ name: String) -> Bool {
    guard case .plane(let value) = values[name] else { return false }
    graph.outputs.append(ONNXOutput(name: name, value: value))
    return true
  }
}
