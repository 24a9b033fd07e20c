extension OperatorGraph {
  /// Zeros around a plane become the padding of the convolutions that read it.
  func joiningPadding() -> OperatorGraph {
    var graph = self
    let makers = makers
    for position in graph.operations.indices {
      guard case .convolution(var convolution) = graph.operations[position].kind,
        let maker = makers[graph.operations[position].inputs[0]],
        case .pad(let front, let behind, 0) = graph.operations[maker].kind,
        front.count == 4, front[0] == 0, front[1] == 0, behind[0] == 0, behind[1] == 0
      else { continue }
      convolution.window.padding =
        convolution.window.padding + Sides(top: front[2], left: front[3], bottom: behind[2], right: behind[3])
      graph.operations[position].kind = .convolution(convolution)
      graph.operations[position].inputs = graph.operations[maker].inputs
    }
    return graph
  }
}
