import FaceqSupport
import SIMDKernels

extension Model {
  /// Writes the model with its int8 weights in `order`, ready to be used from the mapped file.
  ///
  /// - Throws: where the model is not int8, or the file cannot be written.
  package func write(packed order: PackedOrder, to path: FilePath) throws(FaceqError) {
    guard case .int8(let graph) = network else {
      throw FaceqError("\(self.path) is a float model, which has no order of its own; pack an int8 model")
    }
    try graph.packed(order).write(to: path, description, packedFrom: self)
  }
}

extension Graph<QuantisedLayer> {
  /// The graph with the weights of its dense int8 convolutions in another order.
  package func packed(_ order: PackedOrder) -> Graph {
    mapLayers { (_, node) throws(Never) in
      guard case .convolution(var layer) = node.layer, case .int8(let weights, let sums) = layer.weights,
        layer.order != order
      else { return node.layer }
      layer.weights = .int8(weights.repacked(from: layer.order, to: order), sums: sums)
      layer.order = order
      return .convolution(layer)
    }
  }
}

extension Tensor<Int8> {
  fileprivate func repacked(from old: PackedOrder, to new: PackedOrder) -> Tensor<Int8> {
    var values = [Int8](repeating: 0, count: count)
    // Of two steps: 16 output channels × 8 input channels.
    for base in stride(from: 0, to: count, by: 128) {
      for index in 0..<128 {
        let (output, input) = (index / 8, index % 8)
        func position(_ order: PackedOrder) -> Int {
          base + input / order.inputs * 16 * order.inputs + output * order.inputs + input % order.inputs
        }
        values[position(new)] = self[position(old)]
      }
    }
    return Tensor(values)
  }
}
