extension Graph {
  /// The graph with a copy of each value that some of its readers cannot read as it is stored: a sum that a
  /// convolution, a pool or a concatenation reads, and what is an output, too. The copy is called NAME.bytes or
  /// NAME.float.
  package func insertingCopies() -> Graph {
    let misfits = misfits(ValueKinds(self))
    var builder = GraphBuilder<Layer>()
    var places: [Int] = []
    // For each value its copies, where it has any.
    var (operandCopies, floatCopies) = ([Int?](), [Int?]())
    for (index, node) in nodes.enumerated() {
      var copy = node
      copy.inputs = node.inputs.map { input in
        if misfits[input].operands.contains(index), let copy = operandCopies[input] { return copy }
        if misfits[input].floats.contains(index), let copy = floatCopies[input] { return copy }
        return places[input]
      }
      builder.nodes.append(copy)
      let place = builder.nodes.count - 1
      places.append(place)
      func copied(_ suffix: String, _ isNeeded: Bool) -> Int? {
        guard isNeeded else { return nil }
        return builder.add(node.name.isEmpty ? "" : "\(node.name).\(suffix)", .copy(.none), [place])
      }
      operandCopies.append(copied("bytes", !misfits[index].operands.isEmpty))
      floatCopies.append(copied("float", !misfits[index].floats.isEmpty))
    }
    return Graph(nodes: builder.nodes, outputs: outputs.map { floatCopies[$0] ?? places[$0] })
  }
}
