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

  /// The chosen range is no worse than others, computed value by value.
  @Test func minimumErrorIsAMinimum() {
    var bins: [UInt32] = []
    for bin in 0..<200 { bins.append(UInt32(1 + 2000 / (1 + abs(bin - 60)))) }
    let best = MinimumErrorRange().range(of: ChannelHistogram(minimum: -3, maximum: 7, bins: bins))
    let least = squaredError(bins, of: best)
    for other: ClosedRange<Float> in [-3...7, -2...5, -1...3, -3...4, -1.5...7] {
      #expect(least <= squaredError(bins, of: other) * 1.02)
    }
  }

  /// Of 200 bins from −3 to 7.
  private func squaredError(_ bins: [UInt32], of range: ClosedRange<Float>) -> Double {
    let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
    let step: Double = (high - low) / 255
    var sum = 0.0
    for (bin, count) in bins.enumerated() {
      let x: Double = -3 + (Double(bin) + 0.5) * 0.05
      let outside: Double = max(low - x, x - high)
      sum += Double(count) * (outside > 0 ? outside * outside : step * step / 12)
    }
    return sum
  }

  /// Equal bins lose nothing at full range: every step is the mean of equal bins.
  @Test func entropyKeepsAFlatChannel() {
    let flat = ChannelHistogram(minimum: -1, maximum: 3, bins: [UInt32](repeating: 10, count: 1024))
    #expect(EntropyRange().range(of: flat) == -1...3)
  }

  /// A bulk of many different counts in the lower half and one value at the end: the steps are worth more than that
  /// value.
  @Test func entropyClipsWhatIsRare() {
    var bins = [UInt32](repeating: 0, count: 1024)
    for bin in 0..<512 { bins[bin] = UInt32(1000 + bin * 7919 % 1000) }
    bins[1023] = 1
    let range = EntropyRange().range(of: ChannelHistogram(minimum: 0, maximum: 1024, bins: bins))
    #expect(range.lowerBound == 0)
    #expect(range.upperBound >= 500 && range.upperBound < 700)
  }

  @Test func scalesHoldZeroExactly() {
    let scales = ActivationScales([-1...3, 2...4, -4 ... -2, 0...0])
    let step: Float = 4 / 255
    #expect(scales.scale == [step, step, step, 1])
    #expect(scales.zero == [-64, -128, 127, -128])
  }
}
