import QuantRuntime

/// A layer with weights that a recipe has a line for.
public struct RecipeLayer: Sendable, Equatable {
  /// As in the model file: `stem.0`, `blocks.3.body.1`, `blocks.3.shortcut`, `tail.0`, `head`.
  public let name: String
  /// What the layer reads, where that leaves no choice: the image and the trunk are int16.
  public let fixedInput: FixedInput?

  public enum FixedInput: String, Sendable { case image, trunk }

  init(_ name: String, fixedInput: FixedInput? = nil) {
    self.name = name
    self.fixedInput = fixedInput
  }
}

extension Network {
  /// In the order in which data flows.
  public var recipeLayers: [RecipeLayer] {
    var layers = stem.indices.map { RecipeLayer("stem.\($0)", fixedInput: $0 == 0 ? .image : nil) }
    for (index, block) in blocks.enumerated() {
      layers += block.body.indices.map { RecipeLayer("blocks.\(index).body.\($0)") }
      if case .convolution = block.shortcut {
        layers.append(RecipeLayer("blocks.\(index).shortcut", fixedInput: .trunk))
      }
    }
    return layers + tail.indices.map { RecipeLayer("tail.\($0)") } + [RecipeLayer("head")]
  }
}
