import QuantRuntime

/// What every value of a graph is to hold, from what was observed and from how a recipe wants it looked at.
struct ActivationRanges {
  /// For each value and channel.
  private(set) var ranges: [[ClosedRange<Float>]] = []

  /// - Throws: where the graph has something that int8 does not cover.
  init(
    _ graph: Graph<FloatLayer>, _ statistics: ActivationStatistics, _ recipe: CalibrationRecipe
  ) throws(FaceqError) {
    let shapes = try graph.shapes()
    let forms = try graph.representations(recipe).forms
    let readers = graph.layersThatRead
    for (index, node) in graph.nodes.enumerated() {
      guard index > 0, forms[index] != .float else {
        ranges.append([])
        continue
      }
      let observed = statistics[index]
      guard forms[index] != .sum else {
        ranges.append(zip(observed.minimum, observed.maximum).map { min($0, $1)...max($0, $1) })
        continue
      }
      let search = recipe[readers[index] ?? ""].range
      var found = (0..<observed.channels).map { search.range(of: observed.histogram($0)) }
      if let reach = reach(of: node, in: graph, shapes, forms, pixels: shapes[index].pixels) {
        found = zip(found, reach).map {
          min($0.lowerBound, $1.lowerBound / 2)...max($0.upperBound, $1.upperBound / 2)
        }
      }
      ranges.append(found)
    }
  }

  /// How far each channel of a depthwise convolution can reach; half of it is represented whatever was observed. Such a
  /// channel depends on one other channel only, and some fire for one face in thousands, many times as high as for all
  /// others: with the observed range, such a face would have no usable embedding. A kernel over the whole plane adds up
  /// so much that nobody ever reaches half of it, and after the first layer nothing is to come: every face shows all
  /// pixels that there are.
  private func reach(
    of node: Node<FloatLayer>, in graph: Graph<FloatLayer>, _ shapes: [Extent], _ forms: [Form], pixels: Int
  ) -> [ClosedRange<Float>]? {
    guard pixels > 1, case .convolution(let convolution) = node.operation, convolution.grouping == .depthwise,
      graph.nodes[node.inputs[0]].inputs != [0],
      let layer = LayerWeights(node, inputs: shapes[node.inputs[0]].channels)
    else { return nil }
    let input = node.inputs[0]
    switch forms[input] {
    case .bytes: return layer.depthwiseReach(from: QuantisedInput.int8(ActivationScales(ranges[input])).ranges)
    case .int16(let largest) where input > 0:
      let scale = ranges[input].map { max(abs($0.lowerBound), abs($0.upperBound)) / Float(largest) }
      return layer.depthwiseReach(from: QuantisedInput.int16(scale: scale, largest: largest).ranges)
    case .int16, .float: return nil
    }
  }
}

extension Graph {
  /// For each value the name of the first layer that reads it, or what it becomes when it only moves: the layer whose
  /// recipe decides its range.
  fileprivate var layersThatRead: [String?] {
    var layers = [String?](repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated().reversed() {
      for input in node.inputs {
        switch node.operation {
        case .convolution, .linear: layers[input] = node.name
        default: if node.operation.movesValues, let layer = layers[index] { layers[input] = layer }
        }
      }
    }
    return layers
  }
}
