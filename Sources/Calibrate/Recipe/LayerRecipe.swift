/// How one layer is quantised: the values that it reads, and its weights.
public struct LayerRecipe: Sendable {
  public enum Precision: String, Sendable, CaseIterable { case int8, int16 }

  /// Of the values that the layer reads and of its weights.
  public var precision: Precision
  /// Of the values that the layer reads.
  public var range: any RangeSearch
  /// Of int8 weights; those of int16 are rounded to the nearest, as finely as their sums allow.
  public var rounding: any WeightRounding
  /// Why the layer is quantised like this, for whoever reads the recipe. One line.
  public var reason: String

  public init(
    precision: Precision = .int8, range: any RangeSearch = MaximumRange(),
    rounding: any WeightRounding = ErrorCompensation(), reason: String = ""
  ) {
    self.precision = precision
    self.range = range
    self.rounding = rounding
    self.reason = reason
  }
}
