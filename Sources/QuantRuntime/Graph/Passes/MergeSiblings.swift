extension Graph<FloatLayer> {
  /// Makes one convolution of those that read one value in the same way and that only outputs, or what makes outputs of
  /// them, read: the heads of a detector, of 1 + 4 + 1 + 10 channels. Slices take their results apart.
  package func mergingSiblings() -> Graph {
    let kinds = ValueKinds(self)
    var builder = GraphBuilder<FloatLayer>()
    var places = [Int](repeating: 0, count: nodes.count)
    var isDone = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() where !isDone[index] {
      let siblings = siblings(of: index, kinds)
      guard siblings.count > 1 else {
        var copy = node
        copy.inputs = node.inputs.map { places[$0] }
        builder.nodes.append(copy)
        places[index] = builder.nodes.count - 1
        continue
      }
      let merged = builder.add(
        mergedName(siblings), .convolution(merged(siblings)), node.inputs.map { places[$0] },
        layer: mergedLayer(siblings))
      var first = 0
      for sibling in siblings {
        guard case .convolution(let convolution) = nodes[sibling].operation else { continue }
        places[sibling] = builder.add("", .slice(first: first, count: convolution.outputs), [merged])
        isDone[sibling] = true
        first += convolution.outputs
      }
    }
    return Graph(nodes: builder.nodes, outputs: outputs.map { places[$0] })
  }

  /// The convolutions that can be one with that of a node, itself among them.
  private func siblings(of index: Int, _ kinds: ValueKinds) -> [Int] {
    guard case .convolution(let convolution) = nodes[index].operation, kinds.isFloat[index],
      convolution.grouping == .dense, convolution.activation != .prelu
    else { return [index] }
    return (index..<nodes.count).filter { other in
      guard case .convolution(var sibling) = nodes[other].operation, kinds.isFloat[other] else { return false }
      sibling.outputs = convolution.outputs
      return sibling == convolution && nodes[other].inputs == nodes[index].inputs
    }
  }

  private func mergedName(_ siblings: [Int]) -> String {
    var name = ""
    for sibling in siblings { name += (name.isEmpty ? "" : "+") + nodes[sibling].name }
    return name.utf8.count <= 200 ? name : nodes[siblings[0]].name + "+"
  }

  private func merged(_ siblings: [Int]) -> Convolution {
    var convolutions: [Convolution] = []
    for sibling in siblings {
      if case .convolution(let convolution) = nodes[sibling].operation { convolutions.append(convolution) }
    }
    var merged = convolutions[0]
    merged.outputs = convolutions.reduce(0) { $0 + $1.outputs }
    return merged
  }

  private func mergedLayer(_ siblings: [Int]) -> FloatLayer {
    var (allWeights, allBiases) = ([Float](), [Float]())
    for sibling in siblings {
      guard case .convolution(let weights, let bias, _) = nodes[sibling].layer else { continue }
      allWeights += weights
      allBiases += bias
    }
    return .convolution(weights: allWeights, bias: allBiases, slopes: nil)
  }
}
