extension QuantisedNetwork {
  /// The layers, as their tensors are called in the model file, whose weights and inputs are int16 by choice. (Those
  /// that read the image or the trunk as it is always are.)
  public var int16Layers: [String] {
    var names: [String] = []
    func add(_ name: String, _ layer: QuantisedConvolution) { if layer.largestInput != nil { names.append(name) } }
    for (index, layer) in stem.enumerated().dropFirst() { add("stem.\(index)", layer) }
    for (block, content) in blocks.enumerated() {
      for (index, layer) in content.body.enumerated() { add("blocks.\(block).body.\(index)", layer) }
    }
    for (index, layer) in head.body.enumerated() { add("tail.\(index)", layer) }
    add("head", head.linear)
    return names
  }
}

extension Model {
  /// As `QuantisedNetwork.int16Layers`; of a float model none.
  public var int16Layers: [String] {
    if case .int8(let network) = network { network.int16Layers } else { [] }
  }

  /// The share of the work that `layers` do, 0…1.
  public func workShare(of layers: [String]) -> Double {
    guard let work = try? geometry.layerWork() else { return 0 }
    let chosen = Set(layers)
    let part = work.reduce(0) { chosen.contains($1.name) ? $0 + $1.multiplyAccumulates : $0 }
    return Double(part) / Double(max(multiplyAccumulates, 1))
  }
}
