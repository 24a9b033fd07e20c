/// How one layer is quantised: the values that it reads, and its weights.
package struct LayerRecipe: Sendable {
  package enum Precision: String, Sendable, CaseIterable { case int8, int16 }

  /// The precision of the values that the layer reads and of its weights.
  package var precision: Precision
  /// How the range of the values that the layer reads is chosen.
  package var range: any RangeSearch
  /// How int8 weights are rounded; those of int16 are rounded to the nearest, as finely as their sums allow.
  package var rounding: any WeightRounding
  /// Why the layer is quantised like this, for whoever reads the recipe. One line.
  package var reason: String

  package init(
    precision: Precision = .int8, range: any RangeSearch = MaximumRange(),
    rounding: any WeightRounding = ErrorCompensation(), reason: String = ""
  ) {
    self.precision = precision
    self.range = range
    self.rounding = rounding
    self.reason = reason
  }
}
