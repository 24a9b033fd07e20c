extension ONNXNode {
  func integer(_ name: String) throws(NodeFault) -> Int? {
    guard let attribute = attributes[name] else { return nil }
    guard case .integer(let value) = attribute else { throw NodeFault("with an attribute \(name) that is no integer") }
    return value
  }

  func integers(_ name: String) throws(NodeFault) -> [Int]? {
    guard let attribute = attributes[name] else { return nil }
    guard case .integers(let values) = attribute else {
      throw NodeFault("with an attribute \(name) that is no list of integers")
    }
    return values
  }

  func float(_ name: String) throws(NodeFault) -> Float? {
    guard let attribute = attributes[name] else { return nil }
    guard case .float(let value) = attribute else { throw NodeFault("with an attribute \(name) that is no number") }
    return value
  }

  func floats(_ name: String) throws(NodeFault) -> [Float]? {
    guard let attribute = attributes[name] else { return nil }
    guard case .floats(let values) = attribute else {
      throw NodeFault("with an attribute \(name) that is no list of numbers")
    }
    return values
  }

  func text(_ name: String) throws(NodeFault) -> String? {
    guard let attribute = attributes[name] else { return nil }
    guard case .text(let value) = attribute else { throw NodeFault("with an attribute \(name) that is no text") }
    return value
  }
}

/// An axis counted from the front; `axis` may be counted from the end with −1.
func resolvedAxis(_ axis: Int, rank: Int) throws(NodeFault) -> Int {
  guard axis >= -rank, axis < rank else { throw NodeFault("over axis \(axis) of \(rank)") }
  return axis < 0 ? axis + rank : axis
}

func resolvedAxes(_ axes: [Int], rank: Int) throws(NodeFault) -> [Int] {
  var resolved: Set<Int> = []
  for axis in axes { resolved.insert(try resolvedAxis(axis, rank: rank)) }
  guard resolved.count == axes.count else { throw NodeFault("over one axis twice") }
  return resolved.sorted()
}
