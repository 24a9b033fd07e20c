import QuantRuntime

extension CalibrationRecipe {
  /// The same with `units` at int16, each for a reason. Layers that are int16 already stay as they are.
  func raised(_ units: [(unit: NetworkUnit, reason: String)], of network: Network) -> CalibrationRecipe {
    var raised = self
    for (unit, reason) in units {
      for layer in unit.layers(of: network.recipeLayers) where self[layer.name].precision == .int8 {
        // Bits are plenty: faces to come may exceed those observed by far.
        raised[layer.name] = LayerRecipe(precision: .int16, range: MaximumRange(margin: 2), reason: reason)
      }
    }
    return raised
  }
}

extension PrecisionReport.Unit {
  /// For the recipe.
  var reason: String { "int8 in \(name) adds \(formatSignificant(loss, digits: 2)) to 1 - cosine" }
}
