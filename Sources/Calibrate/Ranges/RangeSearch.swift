/// Chooses which part of a channel's values int8 must represent; what lies outside is clipped.
package protocol RangeSearch: Sendable {
  /// The name in recipes: one word, of `MethodRegistry.ranges`.
  var name: String { get }
  /// How far the method clips, in its own terms, where it can be told.
  var clip: Double? { get }
  func range(of histogram: ChannelHistogram) -> ClosedRange<Float>
}

/// The extremes and something on top, because faces to come will exceed those that were observed.
package struct MaximumRange: RangeSearch {
  /// The factor on both extremes, at least 1.
  package let margin: Double

  package init(margin: Double = 1.2) {
    precondition(margin >= 1)
    self.margin = margin
  }

  package var name: String { "max" }
  package var clip: Double? { margin }

  package func range(of histogram: ChannelHistogram) -> ClosedRange<Float> {
    let margin = Float(margin)
    return min(histogram.minimum, histogram.minimum * margin)...max(histogram.maximum, histogram.maximum * margin)
  }
}

/// Clips the outermost values on both sides, half of `1 − percentile / 100` on each.
package struct PercentileRange: RangeSearch {
  /// The share of the values that is inside, in percent: above 50, at most 100.
  package let percentile: Double

  package init(percentile: Double = 99.99) {
    precondition(percentile > 50 && percentile <= 100)
    self.percentile = percentile
  }

  package var name: String { "percentile" }
  package var clip: Double? { percentile }

  package func range(of histogram: ChannelHistogram) -> ClosedRange<Float> {
    let total = histogram.bins.reduce(0) { $0 + Double($1) }
    let outside = total * (1 - percentile / 100) / 2
    let low = position(histogram.bins, below: outside)
    let high = Double(histogram.bins.count) - position(histogram.bins.reversed(), below: outside)
    guard low < high else { return histogram.minimum...histogram.maximum }
    let width = Double(histogram.binWidth)
    return histogram.minimum + Float(low * width)...histogram.minimum + Float(high * width)
  }

  /// How many bins, the last one in part, hold `count` values.
  private func position(_ bins: some Sequence<UInt32>, below count: Double) -> Double {
    var rest = count
    var position = 0.0
    for bin in bins {
      if Double(bin) > rest { return position + rest / Double(bin) }
      rest -= Double(bin)
      position += 1
    }
    return position
  }
}
