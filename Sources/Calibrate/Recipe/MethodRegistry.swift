import FaceqSupport
import QuantRuntime

/// The methods by the names that recipes and the command line know them by: a new method is one more line here.
package enum MethodRegistry {
  /// A method that chooses ranges.
  package struct Range: Sendable {
    package let name: String
    /// What is to be said about the number after the name; nil where the method has none.
    package let clip: Clip?
    /// - Parameter: the number, within its bounds; without meaning where the method has none.
    let make: @Sendable (Double) -> any RangeSearch

    /// The method with a number.
    ///
    /// - Parameter number: nil takes the usual one.
    /// - Throws: where the number is outside its bounds, or the method has none.
    package func search(clip number: Double? = nil) throws(FaceqError) -> any RangeSearch {
      guard let clip else {
        guard number == nil else { throw FaceqError("the range \(name) has no clip") }
        return make(0)
      }
      guard let number else { return make(clip.standard) }
      guard clip.bounds.contains(number) else {
        throw FaceqError("\(number) is no clip for the range \(name) (\(clip.text)); choose a number within its bounds")
      }
      return make(number)
    }
  }

  /// The number that says how far a method clips.
  package struct Clip: Sendable {
    package let bounds: ClosedRange<Double>
    /// The number where none is given.
    package let standard: Double
    package let meaning: String

    /// `factor on the extremes, 1.0 to 16.0`
    package var text: String { "\(meaning), \(bounds.lowerBound) to \(bounds.upperBound)" }
  }

  package static let ranges = [
    Range(
      name: "max", clip: Clip(bounds: 1...16, standard: MaximumRange().margin, meaning: "factor on the extremes"),
      make: { MaximumRange(margin: $0) }),
    Range(
      name: "percentile",
      clip: Clip(bounds: 51...100, standard: PercentileRange().percentile, meaning: "percent of the values inside"),
      make: { PercentileRange(percentile: $0) }),
    Range(name: "error", clip: nil, make: { _ in MinimumErrorRange() }),
    Range(name: "entropy", clip: nil, make: { _ in EntropyRange() }),
  ]

  /// The roundings of weights, by their own names.
  package static let roundings: [any WeightRounding] = [
    NearestRounding(), MinimumErrorRounding(), BiasCorrection(), ErrorCompensation(),
  ]

  /// - Throws: where there is no such method, naming those that there are.
  package static func range(_ name: String) throws(FaceqError) -> Range {
    guard let found = ranges.first(where: { $0.name == name }) else {
      throw unknown("range", name, among: ranges.map(\.name))
    }
    return found
  }

  /// - Throws: where there is no such rounding, naming those that there are.
  package static func rounding(_ name: String) throws(FaceqError) -> any WeightRounding {
    guard let found = roundings.first(where: { $0.name == name }) else {
      throw unknown("rounding", name, among: roundings.map(\.name))
    }
    return found
  }

  static func unknown(_ what: String, _ word: String, among names: [String]) -> FaceqError {
    FaceqError("there is no \(what) \(quoted(word)); choose one of \(names.joined(separator: ", "))")
  }
}
