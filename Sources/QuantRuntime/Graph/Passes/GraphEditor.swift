/// Changes a graph in place: nodes keep their numbers until `finished` leaves out those that nobody reads.
struct GraphEditor<Layer: Sendable> {
  var nodes: [Node<Layer>]
  private var outputs: [Int]
  /// For each value the nodes that read it, `outputReader` for the graph's outputs.
  private(set) var readers: [[Int]]

  static var outputReader: Int { Int.max }

  init(_ graph: Graph<Layer>) {
    nodes = graph.nodes
    outputs = graph.outputs
    readers = graph.readers
    for value in outputs { readers[value].append(Self.outputReader) }
  }

  /// Whether `reader`, and nothing else, reads the value, once.
  func isRead(_ value: Int, onlyBy reader: Int) -> Bool { readers[value] == [reader] }

  /// Makes everything that reads `old` read `new`.
  mutating func redirect(_ old: Int, to new: Int) {
    for reader in readers[old] {
      if reader == Self.outputReader {
        outputs = outputs.map { $0 == old ? new : $0 }
      } else {
        nodes[reader].inputs = nodes[reader].inputs.map { $0 == old ? new : $0 }
      }
      readers[new].append(reader)
    }
    readers[old] = []
    disconnect(old)
  }

  /// Gives a node other values to read.
  mutating func setInputs(_ inputs: [Int], of node: Int) {
    disconnect(node)
    nodes[node].inputs = inputs
    for input in inputs { readers[input].append(node) }
  }

  /// What only a node that nobody reads reads, nobody reads any more.
  private mutating func disconnect(_ node: Int) {
    for input in nodes[node].inputs { readers[input].removeAll { $0 == node } }
  }

  /// The graph, without what no output depends on.
  var finished: Graph<Layer> { Graph(nodes: nodes, outputs: outputs).removingUnread() }
}
