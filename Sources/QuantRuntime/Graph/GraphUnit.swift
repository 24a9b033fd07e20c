import FaceqSupport

/// A part of a graph that others meet only where one value alone is alive and is a sum. A sum is the same int16 whatever
/// its neighbours are made of, so that a graph can be put together from the units of two others: of one with int16 weights
/// and one with int8 weights, or of the float network and its rounded copy.
package struct GraphUnit: Sendable, Hashable {
  /// What the names of its layers and additions begin with, `stem.0`, `blocks.3`, `head`; the name of its last layer where
  /// they have nothing in common, or share what the names of another unit begin with.
  package let name: String
  package let nodes: Range<Int>
  /// The names of the layers whose precision can be chosen.
  package let layers: [String]
}

extension Graph {
  /// All units with a convolution or a linear layer, in the order in which data flows. Together they have all nodes.
  ///
  /// - Parameter isBoundary: whether units may meet at a sum, by its value.
  /// - Throws: where the graph is not well formed or has something that int8 does not cover.
  package func units(meetingAt isBoundary: (_ sum: Int) -> Bool = { _ in true }) throws(FaceqError) -> [GraphUnit] {
    let forms = try representations { _ in nil }.forms
    let soleValues = soleValues
    let hasWeights = nodes.map { node in
      switch node.operation {
      case .convolution, .linear: true
      default: false
      }
    }
    var ranges: [Range<Int>] = []
    var start = 0
    for end in nodes.indices {
      guard let value = soleValues[end], value > 0, forms[value] == .sum, isBoundary(value),
        hasWeights[start..<end].contains(true), hasWeights[end...].contains(true)
      else { continue }
      ranges.append(start..<end)
      start = end
    }
    ranges.append(start..<nodes.count)
    return named(ranges, layers: ranges.map { range in range.filter { hasWeights[$0] } })
  }

  /// - Parameter layers: the convolutions and linear layers of each range.
  private func named(_ ranges: [Range<Int>], layers: [[Int]]) -> [GraphUnit] {
    let prefixes = zip(ranges, layers).map { range, layers in
      commonPrefix((layers + additions.filter { range.contains($0) }).map { nodes[$0].name })
    }
    let choosable = Set(layersOfChoice)
    return ranges.indices.map { index in
      let prefix = prefixes[index]
      let isUnique = !prefix.isEmpty && prefixes.count { $0 == prefix } == 1
      return GraphUnit(
        name: isUnique ? prefix : layers[index].last.map { nodes[$0].name } ?? "", nodes: ranges[index],
        layers: layers[index].filter { choosable.contains($0) }.map { nodes[$0].name })
    }
  }

  /// The units with a layer whose precision can be chosen.
  ///
  /// - Throws: where the graph is not well formed or has something that int8 does not cover.
  package func precisionUnits() throws(FaceqError) -> [GraphUnit] { try units().filter { !$0.layers.isEmpty } }

  /// The graph with the nodes of `units` taken from `other`, a graph of the same nodes.
  package func with(_ units: some Sequence<GraphUnit>, from other: Graph) -> Graph {
    var mixed = self
    for unit in units { mixed.nodes.replaceSubrange(unit.nodes, with: other.nodes[unit.nodes]) }
    return mixed
  }
}

/// The parts between dots that all names begin with.
private func commonPrefix(_ names: [String]) -> String {
  guard let first = names.first else { return "" }
  var parts = first.split(separator: ".", omittingEmptySubsequences: false)
  for name in names.dropFirst() {
    let others = name.split(separator: ".", omittingEmptySubsequences: false)
    parts = zip(parts, others).prefix { $0 == $1 }.map { $0.0 }
  }
  return parts.joined(separator: ".")
}
