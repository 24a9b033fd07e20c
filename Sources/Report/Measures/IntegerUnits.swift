import FaceqSupport
import QuantRuntime

/// What the integers of a quantised graph are worth.
///
/// A quantised graph tells what a sum is worth wherever an addition or a gate reads or writes it. The scales of other
/// values cancel between two layers and are not stored: such values have units of their own, in which one step is worth
/// 1. After a clamp the bytes' range ends at a bound, or before: there the unit is such that no channel is cut off inside
/// its range by the bounds of the float network, and the channels that reach a bound are cut off at it.
struct IntegerUnits {
  /// For each value and channel what one step is worth; 1 for floats.
  private(set) var units: [[Float]]
  /// For each value and channel its zero point; nil for values that are not bytes.
  let zeros: [[Int8]?]
  /// For each value whether the units are those of the float network.
  let isReal: [Bool]

  /// - Throws: where the graph is not well formed.
  init(_ graph: Graph<QuantisedLayer>) throws(FaceqError) {
    let (shapes, representations) = (try graph.shapes(), try graph.representations())
    var classes = ScaleClasses(representations)
    let zeros = classes.zeros(graph)
    for (index, node) in graph.nodes.enumerated() { classes.noteWorth(of: node, index) }
    for (index, node) in graph.nodes.enumerated().reversed() { classes.passUp(node, index) }
    for (index, node) in graph.nodes.enumerated() { classes.passDown(node, index) }
    isReal = graph.nodes.indices.map { classes.isKnown($0) }
    for (index, node) in graph.nodes.enumerated() {
      if case .clamp(let low, let high) = node.operation.activation {
        let ranges = zeros[index]?.map { (lowest: -128 - Float($0), highest: 127 - Float($0)) }
        classes.set(index, ranges?.map { unit(low...high, $0.lowest, $0.highest) } ?? [])
      }
      classes.passDown(node, index)
      classes.complete(index)
    }
    units = []
    for index in graph.nodes.indices {
      let worth = classes.worth(index)
      units.append(worth.isEmpty ? [Float](repeating: 1, count: shapes[index].channels) : worth)
    }
    let image = try graph.image
    units[0] = image.deviation.map { 1 / (Float(image.fixedPoint.factor) * $0) }
    self.zeros = zeros
  }
}

/// What the channels of each scale class are worth, as far as it is known.
private struct ScaleClasses {
  private let representations: Representations
  private var worths: [Float?]

  init(_ representations: Representations) {
    self.representations = representations
    worths = [Float?](repeating: nil, count: representations.scaleClassCount)
  }

  func isKnown(_ value: Int) -> Bool {
    let classes = representations.scaleClasses[value]
    return !classes.isEmpty && classes.allSatisfy { worths[$0] != nil }
  }

  /// Empty for floats and the image.
  func worth(_ value: Int) -> [Float] { representations.scaleClasses[value].map { worths[$0] ?? 1 } }

  /// Notes what a value's channels are worth, where that is not known yet.
  mutating func set(_ value: Int, _ new: [Float]) {
    for (number, worth) in zip(representations.scaleClasses[value], new)
    where worths[number] == nil && worth > 0 && worth.isFinite { worths[number] = worth }
  }

  /// Gives what is not known the worth 1.
  mutating func complete(_ value: Int) {
    for number in representations.scaleClasses[value] where worths[number] == nil { worths[number] = 1 }
  }

  /// The zero points of all values that are bytes, which those that only move have from what they move.
  func zeros(_ graph: Graph<QuantisedLayer>) -> [[Int8]?] {
    var zeros = [Int8](repeating: 0, count: worths.count)
    for (index, node) in graph.nodes.enumerated() {
      guard let written = node.layer?.zero else { continue }
      for (number, zero) in zip(representations.scaleClasses[index], written.buffer) { zeros[number] = zero }
    }
    return graph.nodes.indices.map { index in
      representations.forms[index] == .bytes ? representations.scaleClasses[index].map { zeros[$0] } : nil
    }
  }

  /// Notes what a node's numbers tell about the values that it reads and writes.
  mutating func noteWorth(of node: Node<QuantisedLayer>, _ index: Int) {
    switch (node.operation, node.layer) {
    case (.add, .sum(let sum)):
      let scale = Array(sum.scale.buffer)
      set(index, scale)
      set(node.inputs[0], sum.ratio.map { zip($0.buffer, scale).map { $0 * $1 } } ?? scale)
      set(node.inputs[1], zip(sum.factor.buffer, scale).map { $0 * $1 })
    case (.gate, .gate(let gate)): set(node.inputs[0], gate.meanScale.buffer.map { $0 * Float(gate.pixels) })
    case (_, .convolution(let layer)): set(index, node.operation.activation, layer.limits)
    case (_, .conversion(let layer)): set(index, node.operation.activation, layer.limits)
    default: break
    }
  }

  /// A clamp's bounds are stored in steps, unless these are more than int16 holds.
  private mutating func set(_ value: Int, _ activation: Activation, _ limits: ChannelLimits?) {
    guard case .clamp(let low, let high) = activation, let limits else { return }
    set(value, zip(limits.lowest.buffer, limits.highest.buffer).map { unit(low...high, Float($0), Float($1)) })
  }

  /// What a product or a mean reads is worth, from what it writes.
  mutating func passUp(_ node: Node<QuantisedLayer>, _ index: Int) {
    guard isKnown(index), let ratio = node.worthRatio else { return }
    set(node.inputs[0], zip(worth(index), ratio).map { $0 / $1 })
  }

  /// What a product or a mean writes is worth, from what it reads.
  mutating func passDown(_ node: Node<QuantisedLayer>, _ index: Int) {
    guard let ratio = node.worthRatio, isKnown(node.inputs[0]) else { return }
    set(index, zip(worth(node.inputs[0]), ratio).map { $0 * $1 })
  }
}

/// The largest unit with which `bounds` do not cut off integers from `lowest` to `highest` inside.
private func unit(_ bounds: ClosedRange<Float>, _ lowest: Float, _ highest: Float) -> Float {
  var unit = Float.infinity
  if bounds.upperBound > 0, highest > 0 { unit = min(unit, bounds.upperBound / highest) }
  if bounds.lowerBound < 0, lowest < 0 { unit = min(unit, bounds.lowerBound / lowest) }
  return unit
}

extension Node<QuantisedLayer> {
  /// For each channel what a step of the output is worth in steps of the input, where no float layer could change that.
  fileprivate var worthRatio: [Float]? {
    switch (operation, layer) {
    case (.multiply, .product(let product)): product.factor.buffer.map { 1 / $0 }
    case (.globalAverage, .conversion(let mean)): mean.scale.buffer.map { 1 / ($0 * Float(mean.pixels)) }
    default: nil
    }
  }
}
