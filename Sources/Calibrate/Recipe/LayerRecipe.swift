/// How one layer is quantised: the values that it reads, and its weights.
package struct LayerRecipe: Sendable {
  package enum Precision: String, Sendable, CaseIterable { case int8, int16 }

  /// Of the values that the layer reads and of its weights.
  package var precision: Precision
  /// Of the values that the layer reads.
  package var range: any RangeSearch
  /// Of int8 weights; those of int16 are rounded to the nearest, as finely as their sums allow.
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
