import Calibrate
import Testing

struct RangeTests {
  /// 1,000 values in each of ten bins from −5 to 5.
  private let flat = ChannelHistogram(minimum: -5, maximum: 5, bins: [UInt32](repeating: 1000, count: 10))

  @Test func maximumRangeIsTheExtremesAndTheMargin() {
    #expect(MaximumRange(margin: 1).range(of: flat) == -5...5)
    #expect(MaximumRange(margin: 2).range(of: flat) == -10...10)
    #expect(MaximumRange(margin: 2).range(of: ChannelHistogram(minimum: 1, maximum: 3, bins: [1])) == 1...6)
  }

  @Test func percentileCutsHalfOnEachSide() {
    let range = PercentileRange(percentile: 90).range(of: flat)
    #expect(abs(range.lowerBound - -4.5) < 1e-6)
    #expect(abs(range.upperBound - 4.5) < 1e-6)
    #expect(PercentileRange(percentile: 100).range(of: flat) == -5...5)
  }

  @Test func percentileOfAConstantChannelIsThatValue() {
    let constant = ChannelHistogram(minimum: 2, maximum: 2, bins: [7, 0, 0, 0])
    #expect(PercentileRange().range(of: constant) == 2...2)
  }

  /// A tight bulk and one value far out: the least error clips it; when it weighs enough, it is kept.
  @Test func minimumErrorClipsWhatIsRareAndKeepsWhatIsNot() {
    var bins = [UInt32](repeating: 0, count: 100)
    for bin in 0..<10 { bins[bin] = 1_000_000 }
    bins[99] = 1
    let rare = MinimumErrorRange().range(of: ChannelHistogram(minimum: 0, maximum: 100, bins: bins))
    #expect(rare.lowerBound == 0)
    #expect(rare.upperBound < 50)
    bins[99] = 100_000
    let common = MinimumErrorRange().range(of: ChannelHistogram(minimum: 0, maximum: 100, bins: bins))
    #expect(common.upperBound > 98)
  }

  /// The chosen range is no worse than any of its neighbours, computed value by value.
  @Test func minimumErrorIsAMinimum() {
    let bins = (0..<200).map { UInt32(1 + 2000 / (1 + abs($0 - 60))) }
    let histogram = ChannelHistogram(minimum: -3, maximum: 7, bins: bins)
    func error(_ low: Float, _ high: Float) -> Double {
      let step = Double(high - low) / 255
      return bins.indices.reduce(0.0) { sum, bin in
        let x = -3 + (Double(bin) + 0.5) * 10 / 200
        let outside = max(Double(low) - x, x - Double(high), 0)
        return sum + Double(bins[bin]) * (outside > 0 ? outside * outside : step * step / 12)
      }
    }
    let best = MinimumErrorRange().range(of: histogram)
    for (low, high) in [(-3.0, 7.0), (-2.0, 5.0), (-1.0, 3.0), (-3.0, 4.0), (-1.5, 7.0)] {
      #expect(error(best.lowerBound, best.upperBound) <= error(Float(low), Float(high)) * 1.02)
    }
  }

  @Test func scalesHoldZeroExactly() {
    let scales = ActivationScales([-1...3, 2...4, -4 ... -2, 0...0])
    #expect(scales.scale == [4.0 / 255, 4.0 / 255, 4.0 / 255, 1])
    #expect(scales.zero == [-64, -128, 127, -128])
  }
}
