extension Graph {
  /// Folds into additions what they do on the way: the multiplication of an operand by a gate, and an operand's
  /// upsampling or subsampling, where nothing else reads what is folded.
  package func foldingIntoAdditions() -> Graph {
    var editor = GraphEditor(self)
    for index in nodes.indices {
      guard case .add(var addition) = editor.nodes[index].operation else { continue }
      var inputs = editor.nodes[index].inputs
      if !addition.isGated {
        // The branch first: the operand with the gate becomes the branch.
        for position in [1, 0] where !addition.isGated {
          let operand = inputs[position]
          guard case .multiply = editor.nodes[operand].operation, editor.isRead(operand, onlyBy: index) else {
            continue
          }
          if position == 0 {
            inputs.swapAt(0, 1)
            (addition.base, addition.branch) = (addition.branch, addition.base)
          }
          addition.isGated = true
          inputs = [inputs[0]] + editor.nodes[operand].inputs
        }
      }
      (inputs[0], addition.base) = editor.unsampled(inputs[0], addition.base, for: index)
      (inputs[1], addition.branch) = editor.unsampled(inputs[1], addition.branch, for: index)
      editor.nodes[index].operation = .add(addition)
      editor.setInputs(inputs, of: index)
    }
    return editor.finished
  }

  /// Puts the operands of additions in the order in which the quantised network wants them: the base shares its scale
  /// with the sum, so it is what flows past the others, and the branch what is added to it.
  ///
  /// A gated or upsampled operand is the branch, a subsampled one the base. Of two others the branch is the one that a
  /// convolution writes for this addition alone; if both are, the base is the convolution without padding that reads
  /// the older value.
  package func orderingAdditions() -> Graph {
    var graph = self
    let readers = readers
    for (index, node) in nodes.enumerated() {
      guard case .add(var addition) = node.operation, !addition.isGated else { continue }
      let (first, second) = (node.inputs[0], node.inputs[1])
      guard
        rank(first, addition.base, readers[first]).isAfter(rank(second, addition.branch, readers[second]))
      else { continue }
      (addition.base, addition.branch) = (addition.branch, addition.base)
      graph.nodes[index].operation = .add(addition)
      graph.nodes[index].inputs = [second, first]
    }
    return graph
  }

  /// How little an operand is a base.
  private func rank(_ value: Int, _ resampling: Resampling, _ readers: [Int]) -> OperandRank {
    var rank = OperandRank(kind: 1, age: value)
    switch resampling {
    case .subsample: rank.kind = 0
    case .upsample: rank.kind = 4
    case .none: break
    }
    guard resampling == .none, case .convolution(let convolution) = nodes[value].operation, readers.count == 1,
      !outputs.contains(value)
    else { return rank }
    rank.kind = convolution.window.padding.isEmpty && convolution.grouping == .dense ? 2 : 3
    rank.age = nodes[value].inputs[0]
    return rank
  }
}

private struct OperandRank {
  var kind: Int
  /// The smaller, the older.
  var age: Int

  func isAfter(_ other: OperandRank) -> Bool { (kind, age) > (other.kind, other.age) }
}

extension GraphEditor {
  /// What an operand is a resampling of, and which, where an addition can do it itself.
  fileprivate func unsampled(_ value: Int, _ resampling: Resampling, for reader: Int) -> (Int, Resampling) {
    guard resampling == .none, isRead(value, onlyBy: reader) else { return (value, resampling) }
    switch nodes[value].operation {
    case .upsample: return (nodes[value].inputs[0], .upsample)
    case .maxPool(let pool), .averagePool(let pool):
      let stride = pool.window.stride
      guard pool.window.kernel == Size(1, 1), pool.window.padding.isEmpty, stride.height == stride.width,
        stride.height > 1
      else { return (value, resampling) }
      return (nodes[value].inputs[0], .subsample(stride.height))
    default: return (value, resampling)
    }
  }
}
