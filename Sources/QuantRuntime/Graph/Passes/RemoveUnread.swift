extension Graph {
  /// The graph without the nodes that no output depends on; the image stays.
  package func removingUnread() -> Graph {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for output in outputs { isNeeded[output] = true }
    for index in nodes.indices.reversed() where isNeeded[index] {
      for input in nodes[index].inputs { isNeeded[input] = true }
    }
    isNeeded[0] = true
    var places = [Int](repeating: 0, count: nodes.count)
    var kept: [Node<Layer>] = []
    for index in nodes.indices where isNeeded[index] {
      places[index] = kept.count
      var node = nodes[index]
      node.inputs = node.inputs.map { places[$0] }
      kept.append(node)
    }
    return Graph(nodes: kept, outputs: outputs.map { places[$0] })
  }

  /// The graph without copies that change nothing.
  package func removingCopies() -> Graph {
    var editor = GraphEditor(self)
    for (index, node) in nodes.enumerated() where node.operation.isPlainCopy {
      editor.redirect(index, to: editor.nodes[index].inputs[0])
    }
    return editor.finished
  }
}
