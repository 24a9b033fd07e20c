import QuantRuntime

/// A layer with weights that a recipe has a line for.
package struct RecipeLayer: Sendable, Equatable {
  /// The name of the node, as in the model file: `stem.0`, `blocks.3.body.1`, `blocks.3.shortcut`, `tail.0`, `head`.
  package let name: String
  /// What the layer reads, where that leaves no choice: the image and sums are int16.
  package let fixedInput: FixedInput?

  package enum FixedInput: String, Sendable { case image, sum }

  init(_ name: String, fixedInput: FixedInput? = nil) {
    self.name = name
    self.fixedInput = fixedInput
  }
}

extension Graph {
  /// The layers with weights, in the order in which data flows.
  package var recipeLayers: [RecipeLayer] {
    let choosable = Set(layersOfChoice)
    return nodes.enumerated().compactMap { index, node in
      switch node.operation {
      case .convolution, .linear:
        RecipeLayer(node.name, fixedInput: choosable.contains(index) ? nil : node.inputs == [0] ? .image : .sum)
      default: nil
      }
    }
  }
}
