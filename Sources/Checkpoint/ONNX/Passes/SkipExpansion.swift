extension OperatorGraph {
  /// Arithmetic of two planes stretches them itself: what was stretched for it before need not be.
  func skippingExpansion() -> OperatorGraph {
    var graph = self
    let makers = makers
    for position in graph.operations.indices {
      guard case .binary = graph.operations[position].kind else { continue }
      for operand in 0..<2 {
        guard let maker = makers[graph.operations[position].inputs[operand]], operations[maker].kind == .expand else {
          continue
        }
        let source = operations[maker].inputs[0]
        let other = graph.operations[position].inputs[1 - operand]
        guard broadcastShape(shapes[source], shapes[other]) == shapes[graph.operations[position].output] else {
          continue
        }
        graph.operations[position].inputs[operand] = source
      }
    }
    return graph
  }
}
