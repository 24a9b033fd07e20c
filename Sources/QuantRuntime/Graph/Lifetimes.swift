extension Graph {
  /// For each value the last node that reads it: the number of nodes where it is an output, its own node where nothing
  /// reads it.
  package var lastReaders: [Int] {
    var last = Array(nodes.indices)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { last[input] = index }
    }
    for output in outputs { last[output] = nodes.count }
    return last
  }

  /// The values that are written before `node` and read by it or later: what a network that goes on from there needs.
  package func alive(before node: Int) -> [Int] {
    let last = lastReaders
    return (0..<node).filter { last[$0] >= node }
  }

  /// For each node the value that alone is alive before it; nil where several are, or none is.
  package var soleValues: [Int?] {
    let last = lastReaders
    var alive: [Int] = []
    return nodes.indices.map { index in
      alive.removeAll { last[$0] < index }
      defer { alive.append(index) }
      return alive.count == 1 ? alive[0] : nil
    }
  }
}
