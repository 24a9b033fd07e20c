import QuantRuntime

/// A part of a graph whose precision can be chosen on its own. Units meet where one value alone is alive and is a sum,
/// which is the same int16 whatever they are made of, so that a graph of mixed precision is put together from the units
/// of two others.
struct GraphUnit: Hashable {
  /// What the names of its layers and additions begin with, or the name of the last layer where they have nothing in
  /// common: `stem`, `blocks.3`, `head`.
  let name: String
  let nodes: Range<Int>
  /// The layers whose precision can be chosen.
  let layers: [String]
}

extension Graph {
  /// The units with a layer whose precision can be chosen.
  ///
  /// - Throws: where the graph is not well formed or has something that int8 does not cover.
  func precisionUnits() throws(FaceqError) -> [GraphUnit] {
    let forms = try representations { _ in nil }.forms
    let choosable = layersOfChoice
    var units: [GraphUnit] = []
    var start = 0
    for end in nodes.indices.dropFirst() + [nodes.count] {
      if end < nodes.count {
        let alive = alive(before: end)
        guard alive.count == 1, alive[0] > 0, forms[alive[0]] == .sum else { continue }
      }
      let range = start..<end
      start = end
      let layers = choosable.filter { range.contains($0) }.map { nodes[$0].name }
      guard let last = layers.last else { continue }
      let additions = range.filter { if case .add = nodes[$0].operation { true } else { false } }
      let prefix = commonPrefix(layers + additions.map { nodes[$0].name })
      units.append(GraphUnit(name: prefix.isEmpty ? last : prefix, nodes: range, layers: layers))
    }
    return units
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

extension Graph<QuantisedLayer> {
  /// The graph with `units` taken from `other`, of the same float graph and statistics.
  func with(_ units: some Sequence<GraphUnit>, from other: Graph<QuantisedLayer>) -> Graph<QuantisedLayer> {
    var mixed = self
    for unit in units {
      for index in unit.nodes { mixed.nodes[index].layer = other.nodes[index].layer }
    }
    return mixed
  }
}
