extension OperatorGraph {
  /// What exporters make of a division by the Euclidean length becomes one operation: `x ÷ ‖x‖`, or `x · (1 ÷ ‖x‖)`,
  /// where the length may be kept from 0 by a lower bound or by a small addend, and stretched to x's shape.
  func recognisingNormalisation() -> OperatorGraph {
    var graph = self
    let makers = makers
    for position in graph.operations.indices {
      let operation = graph.operations[position]
      let divisions: [(value: Int, length: (value: Int, axes: [Int])?)]
      switch operation.kind {
      case .binary(.divide): divisions = [(operation.inputs[0], lengthOf(operation.inputs[1], makers))]
      case .binary(.multiply):
        divisions = [
          (operation.inputs[0], inverseLength(operation.inputs[1], makers)),
          (operation.inputs[1], inverseLength(operation.inputs[0], makers)),
        ]
      default: continue
      }
      for case (let value, let length?) in divisions where length.value == value {
        graph.operations[position].kind = .normalise(axes: length.axes)
        graph.operations[position].inputs = [value]
      }
    }
    return graph
  }

  /// The value whose Euclidean length `value` is, and the axes.
  private func lengthOf(_ value: Int, _ makers: [Int?]) -> (value: Int, axes: [Int])? {
    guard let maker = makers[stripped(value, makers)] else { return nil }
    let operation = operations[maker]
    switch operation.kind {
    case .reduce(.euclideanLength, let axes): return (operation.inputs[0], axes)
    case .squareRoot:
      guard let sum = makers[stripped(operation.inputs[0], makers)],
        case .reduce(.sum, let axes) = operations[sum].kind, let square = makers[operations[sum].inputs[0]],
        operations[square].kind == .binary(.multiply), operations[square].inputs[0] == operations[square].inputs[1]
      else { return nil }
      return (operations[square].inputs[0], axes)
    default: return nil
    }
  }

  private func inverseLength(_ value: Int, _ makers: [Int?]) -> (value: Int, axes: [Int])? {
    guard let maker = makers[stripped(value, makers)], operations[maker].kind == .reciprocal else { return nil }
    return lengthOf(operations[maker].inputs[0], makers)
  }

  /// `value` before it was kept from 0, stretched, or given its axes of one element back.
  private func stripped(_ value: Int, _ makers: [Int?]) -> Int {
    var value = value
    // Between a length and its division there are a few steps at most.
    for _ in 0..<8 {
      guard let maker = makers[value] else { break }
      switch operations[maker].kind {
      case .expand: break
      case .reshape where shapes[value].filter({ $0 > 1 }) == shapes[operations[maker].inputs[0]].filter({ $0 > 1 }):
        break
      case .clip(let minimum, let maximum) where minimum <= 1e-3 && maximum == .infinity: break
      case .affine(let scale, let shift) where scale == [1] && shift.allSatisfy({ (0...1e-3).contains($0) }): break
      default: return value
      }
      value = operations[maker].inputs[0]
    }
    return value
  }
}
