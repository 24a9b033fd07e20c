import FaceqSupport
import QuantRuntime

extension CalibrationRecipe {
  /// The recipe with `units` at int16, each for a reason. Layers that are int16 already stay as they are.
  func raised(_ units: [(unit: GraphUnit, reason: String)]) -> CalibrationRecipe {
    var raised = self
    for (unit, reason) in units {
      for layer in unit.layers where self[layer].precision == .int8 {
        // Bits are plenty: faces to come may exceed those observed by far.
        raised[layer] = LayerRecipe(precision: .int16, range: MaximumRange(margin: 2), reason: reason)
      }
    }
    return raised
  }

  /// The recipe with all of `layers` at int16 but for those of `bytes`: layers that read one value have one precision.
  func agreeing(_ layers: [String], except bytes: Set<String>) -> CalibrationRecipe {
    var agreeing = self
    for layer in layers where !bytes.contains(layer) && self[layer].precision == .int8 {
      agreeing[layer].precision = .int16
      agreeing[layer].reason = "reads what a layer at int16 reads"
    }
    return agreeing
  }
}

extension PrecisionReport.Unit {
  /// Why the unit is at int16, for the recipe.
  var reason: String { "int8 in \(name) adds \(formatSignificant(loss, digits: 2)) to 1 - cosine" }
}
