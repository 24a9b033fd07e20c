import QuantRuntime

/// The statistics of every tap of a network.
public struct ActivationStatistics: Sendable {
  private var statistics: [Tap: ChannelStatistics] = [:]

  public subscript(tap: Tap) -> ChannelStatistics {
    guard let found = statistics[tap] else { preconditionFailure("every tap of the network has been observed") }
    return found
  }

  mutating func observeExtremes(_ values: TapValues) {
    statistics[values.tap, default: ChannelStatistics(channels: values.channels)].observeExtremes(values)
  }

  mutating func prepareHistograms() {
    for tap in statistics.keys where tap.isQuantisedToInt8 { statistics[tap]?.prepareHistograms() }
  }

  mutating func observeHistogram(_ values: TapValues) {
    if values.tap.isQuantisedToInt8 { statistics[values.tap]?.observeHistogram(values) }
  }
}

extension Tap {
  /// The others become int16, for which the extremes are enough.
  fileprivate var isQuantisedToInt8: Bool {
    switch self {
    case .stemBody, .blockInput, .body, .tailInput, .tail, .headInput: true
    case .stem, .branch, .trunk: false
    }
  }
}
