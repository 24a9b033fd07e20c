import QuantRuntime
import Testing

struct DriftStatisticsTests {
  /// `numpy.percentile([1, 2, 4, 8, 16], percent)`.
  @Test(arguments: [(0.0, 1.0), (1, 1.04), (5, 1.2), (25, 2), (50, 4), (90, 12.8), (100, 16)])
  func percentilesAreThoseOfNumPy(percent: Double, wanted: Double) {
    #expect(abs(percentile(percent, ofSorted: [1, 2, 4, 8, 16]) - wanted) < 1e-12)
  }

  @Test func percentileOfOneValueIsTheValue() {
    #expect(percentile(1, ofSorted: [0.5]) == 0.5)
    #expect(percentile(100, ofSorted: [0.5]) == 0.5)
  }

  @Test func summaryDoesNotDependOnTheOrder() {
    let summary = DriftSummary(cosines: [0.75, 1, 0.5, 0.875, 0.25])
    #expect(summary == DriftSummary(cosines: [0.25, 0.5, 0.75, 0.875, 1]))
    #expect(summary.images == 5)
    #expect(summary.mean == 0.675)
    #expect(summary.median == 0.75)
    #expect(summary.minimum == 0.25)
    #expect(abs(summary.p5 - 0.3) < 1e-6)
    #expect(abs(summary.p1 - 0.26) < 1e-6)
  }

  @Test func cosinesOfKnownAngles() {
    #expect(cosine([1, 0], [0, 3]) == 0)
    #expect(cosine([1, 2, 3], [2, 4, 6]) == 1)
    #expect(cosine([1, 2, 3], [-1, -2, -3]) == -1)
    #expect(abs(cosine([1, 0], [1, 1]) - 0.707_106_77) < 1e-7)
  }

  @Test func cosineOfWhatHasNoDirectionIsZero() {
    #expect(cosine([0, 0], [1, 1]) == 0)
    #expect(cosine([.nan, 0], [1, 1]) == 0)
    #expect(cosine([.infinity, 0], [1, 1]) == 0)
    #expect(cosine([], []) == 0)
  }

  @Test func signalToNoiseInDecibels() {
    var noise = BlockNoise(blocks: 4)
    noise.add(block: 0, reference: [10, 0], values: [9, 0])  // 100 : 1
    noise.add(block: 1, reference: [1, 1], values: [1, 1])
    noise.add(block: 2, reference: [1, 0], values: [0, 1])  // 1 : 2
    noise.add(block: 3, reference: [3], values: [2])  // with the next line 25 : 2
    noise.add(block: 3, reference: [4], values: [5])
    let decibels = noise.decibels
    #expect(abs(decibels[0] - 20) < 1e-12)
    #expect(decibels[1] == .infinity)
    #expect(abs(decibels[2] + 3.010_299_956_639_812) < 1e-12)
    #expect(abs(decibels[3] - 10.969_100_130_080_565) < 1e-12)
  }

  @Test func selfTestPatternIsTheDocumentedOne() {
    let pattern = selfTestPattern(height: 112, width: 112)
    #expect(pattern.count == 112 * 112 * 3)
    // (0, 0): u = v = 0 in a dark field, out of the disc: w(0), w(90), w(800) = 255, 166, 32, halved.
    #expect(Array(pattern[0..<3]) == [127, 83, 16])
    // (row 56, column 56): u = v = 128 in the disc and in a dark field: 255, 218, 224 in reverse order, halved.
    let middle = (56 * 112 + 56) * 3
    #expect(Array(pattern[middle..<middle + 3]) == [112, 109, 127])
    // (row 10, column 40): u = 91, v = 22, outside of both: w(295), w(225), w(1189).
    let outside = (10 * 112 + 40) * 3
    #expect(Array(pattern[outside..<outside + 3]) == [39, 31, 91])
    #expect(Set(pattern).count > 200)
  }
}
