import QuantRuntime

/// A part of a network whose precision can be chosen on its own. Units meet at the trunk only, which is the same int16
/// whatever they are made of, so that a network of mixed precision is put together from the units of two others.
enum NetworkUnit: Hashable {
  case stem
  case block(Int)
  /// The tail and the linear layer.
  case head

  /// `stem`, `blocks.3`, `head`.
  var name: String {
    switch self {
    case .stem: "stem"
    case .block(let index): "blocks.\(index)"
    case .head: "head"
    }
  }

  /// The layers of which `layers` are a network's.
  func layers(of layers: [RecipeLayer]) -> [RecipeLayer] {
    layers.filter { layer in
      guard layer.fixedInput == nil else { return false }
      return switch self {
      case .stem, .block: layer.name.hasPrefix(name + ".")
      case .head: layer.name == name || layer.name.hasPrefix("tail.")
      }
    }
  }
}

extension Network {
  /// The units with a layer whose precision can be chosen.
  var precisionUnits: [NetworkUnit] {
    let layers = recipeLayers
    return ([.stem] + blocks.indices.map { .block($0) } + [.head]).filter { !$0.layers(of: layers).isEmpty }
  }
}

extension QuantisedNetwork {
  /// The same with `units` taken from `other`, of the same float network and statistics.
  func with(_ units: some Sequence<NetworkUnit>, from other: QuantisedNetwork) -> QuantisedNetwork {
    var mixed = self
    for unit in units {
      switch unit {
      case .stem: mixed.stem = other.stem
      case .block(let index): mixed.blocks[index] = other.blocks[index]
      case .head: mixed.head = other.head
      }
    }
    return mixed
  }
}
