// From the fixed form of quantised networks to graphs, for as long as there are readers of the former.

extension Graph<QuantisedLayer> {
  /// The graph of a quantised network, which computes the same bits. It converts the trunk by affines, whether or not
  /// there was a BatchNorm.
  ///
  /// - Throws: where the network's layers do not fit together.
  package init(_ network: QuantisedNetwork) throws(FaceqError) {
    let (blocks, head) = (network.blocks, network.head)
    func layer(_ convolution: QuantisedConvolution) -> QuantisedLayer {
      .convolution(
        IntegerConvolution(
          weights: convolution.weights, order: network.packedOrder, bias: convolution.bias,
          positive: convolution.positive, negative: convolution.negative, zero: convolution.outputZero))
    }
    func conversion(_ quantiser: TrunkQuantiser) -> QuantisedLayer {
      .conversion(Conversion(scale: quantiser.scale, offset: quantiser.offset, zero: quantiser.zero))
    }
    self.init(network.geometry) { part in
      switch part {
      case .stem(let index): return layer(network.stem[index])
      case .blockInput(let block): return conversion(blocks[block].input)
      case .body(let block, let index): return layer(blocks[block].body[index])
      case .gate(let block):
        // How many pixels it is of stands at the end of this function.
        return blocks[block].squeezeExcite.map {
          .gate(IntegerGate(meanScale: $0.meanScale, pixels: 0, reduce: $0.reduce, expand: $0.expand))
        }
      case .shortcut(let block):
        guard case .convolution(let convolution) = blocks[block].shortcut else { return nil }
        return layer(convolution)
      case .sum(let block): return sum(blocks[block])
      case .tail(let index): return layer(head.body[index])
      case .headInput: return conversion(head.input)
      case .linear: return layer(head.linear)
      }
    } hasSlopes: { layer in
      guard case .convolution(let convolution) = layer else { return false }
      return !convolution.positive.buffer.elementsEqual(convolution.negative.buffer)
    }
    let shapes = try shapes()
    for index in nodes.indices {
      guard case .gate(var gate) = nodes[index].layer else { continue }
      gate.pixels = shapes[nodes[index].inputs[0]].pixels
      nodes[index].layer = .gate(gate)
    }
  }
}

private func sum(_ block: QuantisedBlock) -> QuantisedLayer {
  switch block.shortcut {
  case .none where block.squeezeExcite != nil: .product(IntegerProduct(factor: block.gate))
  case .none:
    .conversion(Conversion(scale: block.gate, offset: Tensor([Float](repeating: 0, count: block.gate.count))))
  case .identity, .convolution: .sum(IntegerSum(factor: block.gate, scale: block.trunkScale))
  case .subsample(_, let ratio): .sum(IntegerSum(factor: block.gate, ratio: ratio, scale: block.trunkScale))
  }
}
