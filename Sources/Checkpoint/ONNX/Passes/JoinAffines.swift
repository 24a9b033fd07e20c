extension OperatorGraph {
  /// An affine behind an affine becomes one, such as a Sub and a Mul that normalise the image.
  func joiningAffines() -> OperatorGraph {
    var graph = self
    let makers = makers
    let readers = readers
    for position in graph.operations.indices {
      guard case .affine(let scale, let shift) = graph.operations[position].kind,
        let maker = makers[graph.operations[position].inputs[0]],
        readers[graph.operations[position].inputs[0]] == 1,
        case .affine(let innerScale, let innerShift) = graph.operations[maker].kind
      else { continue }
      let count = max(scale.count, innerScale.count)
      func at(_ numbers: [Float], _ index: Int) -> Double { Double(numbers[numbers.count == 1 ? 0 : index]) }
      graph.operations[position].kind = .affine(
        scale: (0..<count).map { Float(at(innerScale, $0) * at(scale, $0)) },
        shift: (0..<count).map { Float(at(innerShift, $0) * at(scale, $0) + at(shift, $0)) })
      graph.operations[position].inputs = graph.operations[maker].inputs
    }
    return graph
  }

  /// An addition behind a linear layer without a bias is its bias: MatMul and Add.
  func givingLinearsBiases() -> OperatorGraph {
    var graph = self
    let makers = makers
    let readers = readers
    for position in graph.operations.indices {
      let input = graph.operations[position].inputs[0]
      guard case .affine(let scale, let shift) = graph.operations[position].kind, scale.allSatisfy({ $0 == 1 }),
        let maker = makers[input], readers[input] == 1,
        case .linear(let weights, nil) = graph.operations[maker].kind
      else { continue }
      let outputs = graph.shapes[input][1]
      let bias = shift.count == outputs ? shift : [Float](repeating: shift[0], count: outputs)
      graph.operations[position].kind = .linear(weights: weights, bias: bias)
      graph.operations[position].inputs = graph.operations[maker].inputs
    }
    return graph
  }
}
