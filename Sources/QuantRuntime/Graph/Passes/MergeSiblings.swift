extension Graph<FloatLayer> {
  /// Makes one convolution of those that read one value in the same way and that only outputs, or what makes outputs of
  /// them, read: the heads of a detector, of 1 + 4 + 1 + 10 channels. Slices take their results apart.
  ///
  /// Heads of two convolutions, of which the second leaves the channels apart, become one of two convolutions.
  package func mergingSiblings() -> Graph {
    let search = SiblingSearch(self)
    var builder = GraphBuilder<FloatLayer>()
    var places = [Int](repeating: 0, count: nodes.count)
    var isDone = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() where !isDone[index] {
      let siblings = search.siblings(of: index)
      guard siblings.count > 1 else {
        var copy = node
        copy.inputs = node.inputs.map { places[$0] }
        builder.nodes.append(copy)
        places[index] = builder.nodes.count - 1
        continue
      }
      var merged = builder.add(
        mergedName(siblings), .convolution(merged(siblings)), node.inputs.map { places[$0] },
        layer: mergedLayer(siblings))
      var results = siblings
      if let second = search.separateReader(of: index) {
        results = siblings.compactMap { search.separateReader(of: $0)?.node }
        var convolution = second.convolution
        convolution.outputs = self.merged(siblings).outputs
        convolution.grouping = .depthwise
        merged = builder.add(
          mergedName(results), .convolution(convolution), [merged], layer: mergedLayer(results))
      }
      var first = 0
      for (sibling, result) in zip(siblings, results) {
        guard case .convolution(let convolution) = nodes[sibling].operation else { continue }
        places[result] = builder.add("", .slice(first: first, count: convolution.outputs), [merged])
        isDone[sibling] = true
        isDone[result] = true
        first += convolution.outputs
      }
    }
    return Graph(nodes: builder.nodes, outputs: outputs.map { places[$0] })
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

/// Finds the convolutions of a graph that can be one.
private struct SiblingSearch {
  private let graph: Graph<FloatLayer>
  private let kinds: ValueKinds
  private let readers: [[Int]]

  init(_ graph: Graph<FloatLayer>) {
    self.graph = graph
    kinds = ValueKinds(graph)
    readers = graph.readers
  }

  /// The convolutions that can be one with that of a node, itself among them.
  func siblings(of index: Int) -> [Int] {
    guard var convolution = head(index) else { return [index] }
    let second = separateReader(of: index)?.convolution
    return (index..<graph.nodes.count).filter { other in
      guard let sibling = head(other), graph.nodes[other].inputs == graph.nodes[index].inputs else { return false }
      convolution.outputs = sibling.outputs
      guard sibling == convolution else { return false }
      let (window, activation) = (second?.window, second?.activation)
      let otherSecond = separateReader(of: other)?.convolution
      return otherSecond?.window == window && otherSecond?.activation == activation
    }
  }

  /// The convolution of a node that may be one of several heads.
  private func head(_ index: Int) -> Convolution? {
    guard case .convolution(let convolution) = graph.nodes[index].operation, convolution.grouping == .dense,
      convolution.activation != .prelu, kinds.isFloat[index] || separateReader(of: index) != nil
    else { return nil }
    return convolution
  }

  /// The convolution that, alone, reads what a convolution of integers writes, that only outputs read, and that leaves
  /// the channels apart: a depthwise one, or one of one channel.
  func separateReader(of index: Int) -> (node: Int, convolution: Convolution)? {
    guard case .convolution(let first) = graph.nodes[index].operation, !kinds.isFloat[index],
      readers[index].count == 1, !graph.outputs.contains(index), let reader = readers[index].first,
      kinds.isFloat[reader], case .convolution(let second) = graph.nodes[reader].operation,
      second.grouping == .depthwise || first.outputs == 1 && second.outputs == 1 && second.grouping == .dense,
      second.activation != .prelu
    else { return nil }
    return (reader, second)
  }
}
