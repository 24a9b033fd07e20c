import FaceqSupport
import QuantRuntime

/// The statistics of every value of a graph.
package struct ActivationStatistics: Sendable {
  private var statistics: [ChannelStatistics?]
  /// For each value whether its histogram is wanted: sums become int16, for which the extremes are enough.
  private let hasHistogram: [Bool]

  /// - Throws: where the graph has something that int8 does not cover.
  init(_ graph: Graph<FloatLayer>) throws(FaceqError) {
    let forms = try graph.representations { _ in nil }.forms
    hasHistogram = forms.enumerated().map { $0 > 0 && $1 != .sum && $1 != .float }
    statistics = [ChannelStatistics?](repeating: nil, count: graph.nodes.count)
  }

  package subscript(value: Int) -> ChannelStatistics {
    guard let found = statistics[value] else { preconditionFailure("every value of the graph has been observed") }
    return found
  }

  mutating func observeExtremes(_ values: NodeValues) {
    if statistics[values.node] == nil { statistics[values.node] = ChannelStatistics(channels: values.channels) }
    statistics[values.node]?.observeExtremes(values)
  }

  /// The first value whose magnitude is above a bound somewhere, or no number.
  func first(above bound: Float) -> Int? {
    statistics.firstIndex { $0.map { !($0.largestMagnitude <= bound) } ?? false }
  }

  mutating func prepareHistograms() {
    for value in statistics.indices where hasHistogram[value] { statistics[value]?.prepareHistograms() }
  }

  mutating func observeHistogram(_ values: NodeValues) {
    if hasHistogram[values.node] { statistics[values.node]?.observeHistogram(values) }
  }
}
