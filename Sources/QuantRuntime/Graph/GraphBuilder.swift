/// Makes a graph node by node.
package struct GraphBuilder<Layer: Sendable> {
  package var nodes: [Node<Layer>] = []

  package init() {}

  /// Appends a node.
  ///
  /// - Returns: the value that it writes.
  package mutating func add(
    _ name: String = "", _ operation: Operation, _ inputs: [Int] = [], layer: Layer? = nil
  ) -> Int {
    nodes.append(Node(name, operation, inputs: inputs, layer: layer))
    return nodes.count - 1
  }

  /// The graph of the nodes so far.
  package func graph(outputs: [Int]) -> Graph<Layer> { Graph(nodes: nodes, outputs: outputs) }
}
