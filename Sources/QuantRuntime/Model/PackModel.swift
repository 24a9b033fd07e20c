import SIMDKernels

extension Model {
  /// Writes the model with its int8 weights in `order`, ready to be used from the mapped file.
  ///
  /// - Throws: where the model is not int8, or the file cannot be written.
  public func write(packed order: PackedOrder, to path: FilePath) throws(FaceqError) {
    guard case .int8(let network) = network else {
      throw FaceqError("\(self.path) is a float model, which has no order of its own; pack an int8 model")
    }
    try network.packed(order).write(to: path, description, packedFrom: self)
  }
}

extension QuantisedNetwork {
  func packed(_ order: PackedOrder) -> QuantisedNetwork {
    guard order != packedOrder else { return self }
    func repacked(_ layer: QuantisedConvolution) -> QuantisedConvolution {
      layer.repacked(from: packedOrder, to: order)
    }
    var packed = self
    packed.packedOrder = order
    packed.stem = stem.map(repacked)
    packed.blocks = blocks.map { block in
      var block = block
      block.body = block.body.map(repacked)
      return block
    }
    packed.head.body = head.body.map(repacked)
    packed.head.linear = repacked(head.linear)
    return packed
  }
}

extension QuantisedConvolution {
  fileprivate func repacked(from old: PackedOrder, to new: PackedOrder) -> QuantisedConvolution {
    guard case .int8(let weights, let sums) = weights else { return self }
    var values = [Int8](repeating: 0, count: weights.count)
    // Of two steps: 16 output channels × 8 input channels.
    for base in stride(from: 0, to: weights.count, by: 128) {
      for index in 0..<128 {
        let (output, input) = (index / 8, index % 8)
        func position(_ order: PackedOrder) -> Int {
          base + input / order.inputs * 16 * order.inputs + output * order.inputs + input % order.inputs
        }
        values[position(new)] = weights[position(old)]
      }
    }
    var layer = self
    layer.weights = .int8(Tensor(values), sums: sums)
    return layer
  }
}
