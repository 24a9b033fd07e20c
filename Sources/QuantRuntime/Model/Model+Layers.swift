extension Model {
  /// Layers with weights: convolutions (those of shortcuts too), the two of every squeeze-and-excitation, the linear
  /// one.
  public var layerCount: Int {
    geometry.blocks.reduce(geometry.stem.count + geometry.tail.count + 1) { count, block in
      var inBlock = block.body.count
      if case .convolution = block.shortcut { inBlock += 1 }
      if block.squeezeExciteHidden != nil { inBlock += 2 }
      return count + inBlock
    }
  }

  /// Residual blocks.
  public var blockCount: Int { geometry.blocks.count }

  var geometry: NetworkGeometry {
    switch network {
    case .float(let network): network.geometry
    case .int8(let network): network.geometry
    }
  }
}
