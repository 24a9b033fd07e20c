package import FaceqSupport
package import QuantRuntime

extension DetectorForm {
  /// The form of a network with these outputs.
  ///
  /// - Returns: nil where it is none of a detector that faceq knows.
  package init?<Layer>(_ graph: Graph<Layer>) throws(FaceqError) {
    guard let strides = graph.outputStrides() else { return nil }
    let shapes = try graph.shapes()
    self.init(outputs: graph.outputs.indices.map { (strides[$0], shapes[graph.outputs[$0]].channels) })
  }

  /// The form that a detector's file states.
  ///
  /// - Throws: where its network has another.
  init(_ model: DetectorModel) throws(FaceqError) {
    let topology = model.topology
    guard let form = try DetectorForm(topology), form.family.rawValue == model.rule.family,
      topology.outputStrides() == model.rule.strides, model.rule.multiple % (form.levels.last?.stride ?? 1) == 0
    else { throw FaceqError("\(model.path) is not the network of a \(model.rule.family) detector; make it again") }
    self = form
  }

  /// How a network of this form is used where nobody says otherwise.
  package var rule: DetectorRule {
    var strides = [Int](repeating: 0, count: levels.reduce(0) { $0 + $1.outputs.count })
    for level in levels {
      for output in level.outputs { strides[output] = level.stride }
    }
    return DetectorRule(
      family: family.rawValue, strides: strides, multiple: alignment, scoreRule: family.scoreRule, score: family.score,
      overlap: family.overlap)
  }
}

extension Graph {
  /// Pixels of the picture from one cell of an output to the next; nil where they are not the same along both sides, or
  /// the network wants pictures of one size.
  fileprivate func outputStrides() -> [Int]? {
    // Of a size that every stride divides.
    let side = 256
    guard let shapes = try? shapes(height: side, width: side) else { return nil }
    var strides: [Int] = []
    for output in outputs {
      let shape = shapes[output]
      guard shape.height == shape.width, shape.height > 0, side % shape.height == 0 else { return nil }
      strides.append(side / shape.height)
    }
    return strides
  }
}
