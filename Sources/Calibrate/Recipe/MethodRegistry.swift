/// The methods by the names that recipes and the command line know them by: a new method is one more line here.
package enum MethodRegistry {
  /// A method that chooses ranges.
  package struct Range: Sendable {
    package let name: String
    /// Of the number behind the name, where the method has one.
    package let clip: Clip?
    /// - Parameter: the number, within its bounds; without meaning where the method has none.
    let make: @Sendable (Double) -> any RangeSearch
  }

  /// The number that says how far a method clips.
  package struct Clip: Sendable {
    package let bounds: ClosedRange<Double>
    /// Where none is given.
    package let standard: Double
    package let meaning: String
  }

  package static let ranges = [
    Range(
      name: "max", clip: Clip(bounds: 1...16, standard: 1.2, meaning: "factor on the extremes"),
      make: { MaximumRange(margin: $0) }),
    Range(
      name: "percentile", clip: Clip(bounds: 51...100, standard: 99.99, meaning: "percent of the values inside"),
      make: { PercentileRange(percentile: $0) }),
    Range(name: "error", clip: nil, make: { _ in MinimumErrorRange() }),
    Range(name: "entropy", clip: nil, make: { _ in EntropyRange() }),
  ]

  /// Of the weights, by their own names.
  package static let roundings: [any WeightRounding] = [
    NearestRounding(), MinimumErrorRounding(), BiasCorrection(), ErrorCompensation(),
  ]
}
