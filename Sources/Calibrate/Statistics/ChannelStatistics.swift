import QuantRuntime

/// What a tensor's channels hold over all observed images, in memory that does not grow with their number: extremes in
/// a first pass, histograms between them in a second.
package struct ChannelStatistics: Sendable {
  package static let binCount = 1024

  package private(set) var minimum: [Float]
  package private(set) var maximum: [Float]
  /// Counts [channel][bin] from `minimum` to `maximum`; none before the second pass.
  private var bins: [UInt32] = []
  private var binsPerUnit: [Float] = []

  init(channels: Int) {
    minimum = [Float](repeating: .infinity, count: channels)
    maximum = [Float](repeating: -.infinity, count: channels)
  }

  package var channels: Int { minimum.count }

  mutating func observeExtremes(_ values: NodeValues) {
    minimum.withUnsafeMutableBufferPointer { minimum in
      maximum.withUnsafeMutableBufferPointer { maximum in
        values.forEachPixel { pixel in
          for channel in 0..<pixel.count {
            let value = pixel[channel]
            minimum[channel] = min(minimum[channel], value)
            // What is no number is smaller than nothing, and would not be seen.
            maximum[channel] = value.isNaN ? .infinity : max(maximum[channel], value)
          }
        }
      }
    }
  }

  /// The largest magnitude of all channels; infinite where a value was no number.
  var largestMagnitude: Float { zip(minimum, maximum).reduce(0) { max($0, -$1.0, $1.1) } }

  /// Makes room for the histograms, between the passes.
  mutating func prepareHistograms() {
    bins = [UInt32](repeating: 0, count: channels * Self.binCount)
    binsPerUnit = (0..<channels).map { channel in
      let width = maximum[channel] - minimum[channel]
      return width > 0 ? Float(Self.binCount) / width : 0
    }
  }

  mutating func observeHistogram(_ values: NodeValues) {
    bins.withUnsafeMutableBufferPointer { bins in
      values.forEachPixel { pixel in
        for channel in 0..<pixel.count {
          let bin = Int((pixel[channel] - minimum[channel]) * binsPerUnit[channel])
          bins[channel * Self.binCount + min(max(bin, 0), Self.binCount - 1)] += 1
        }
      }
    }
  }

  package func histogram(_ channel: Int) -> ChannelHistogram {
    ChannelHistogram(
      minimum: minimum[channel], maximum: maximum[channel],
      bins: Array(bins[channel * Self.binCount..<(channel + 1) * Self.binCount]))
  }
}

/// Counts of one channel's values in equal bins from `minimum` to `maximum`.
package struct ChannelHistogram: Sendable {
  package var minimum: Float
  package var maximum: Float
  package var bins: [UInt32]

  package init(minimum: Float, maximum: Float, bins: [UInt32]) {
    self.minimum = minimum
    self.maximum = maximum
    self.bins = bins
  }

  package var binWidth: Float { (maximum - minimum) / Float(bins.count) }
}
