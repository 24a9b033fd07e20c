/// How a network is quantised: a choice for every layer, by the layer's name in the model file (`blocks.3.body.0`), and
/// one for the layers without a choice of their own.
package struct CalibrationRecipe: Sendable {
  package var standard: LayerRecipe
  /// Whether depthwise convolutions have room for half of what they can reach, whatever was observed: see
  /// `ActivationRanges`. A detector's do not: its pictures have so many pixels that what fires seldom is seen, and half of
  /// the reach can be so much more than ever occurs that no steps are left for what does.
  package var hasRoomForReach = true
  private var layers: [String: LayerRecipe] = [:]

  package init(standard: LayerRecipe = LayerRecipe()) { self.standard = standard }

  /// Takes the same methods for all layers, at int8.
  package init(range: any RangeSearch = MaximumRange(), rounding: any WeightRounding = ErrorCompensation()) {
    self.init(standard: LayerRecipe(range: range, rounding: rounding))
  }

  package subscript(layer: String) -> LayerRecipe {
    get { layers[layer] ?? standard }
    set { layers[layer] = newValue }
  }

  /// The recipe in words, as the model file stores it.
  package var name: String {
    let own = layers.isEmpty ? "" : "; \(layers.count) layers with lines of their own"
    return
      "ranges: \(rangeText(standard.range)), per channel with zero points; rounding: \(standard.rounding.name)\(own)"
  }
}

/// `max 1.2`
func rangeText(_ range: any RangeSearch) -> String {
  range.clip.map { "\(range.name) \($0)" } ?? range.name
}
