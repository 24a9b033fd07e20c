import FaceqSupport
import QuantRuntime

/// What every value of a graph is to hold, from what was observed and from how a recipe wants it looked at.
struct ActivationRanges {
  /// What each value's channels are to hold.
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
      var found = Self.ranges(observed, as: readers[index].map { recipe[$0].range })
      if recipe.hasRoomForReach,
        let reach = reach(of: node, in: graph, shapes, forms, pixels: shapes[index].pixels)
      {
        found = zip(found, reach).map {
          min($0.lowerBound, $1.lowerBound / 2)...max($0.upperBound, $1.upperBound / 2)
        }
      }
      ranges.append(found)
    }
  }

  /// What holds, for each channel, the ranges that all of `searches` find.
  private static func ranges(
    _ observed: ChannelStatistics, as searches: [any RangeSearch]
  ) -> [ClosedRange<Float>] {
    var distinct: [String: any RangeSearch] = [:]
    for search in searches { distinct[rangeText(search)] = search }
    return (0..<observed.channels).map { channel in
      let histogram = observed.histogram(channel)
      let found = distinct.values.map { $0.range(of: histogram) }
      let low = found.reduce(Float.infinity) { min($0, $1.lowerBound) }
      let high = found.reduce(-Float.infinity) { max($0, $1.upperBound) }
      return low <= high ? low...high : 0...0
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
  /// For each value the names of the layers that read it, or what it becomes where it only moves: those whose recipes
  /// decide its range.
  fileprivate var layersThatRead: [Set<String>] {
    var layers = [Set<String>](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated().reversed() {
      for input in node.inputs {
        switch node.operation {
        case .convolution, .linear: layers[input].insert(node.name)
        default: if node.operation.movesValues { layers[input].formUnion(layers[index]) }
        }
      }
    }
    return layers
  }
}
