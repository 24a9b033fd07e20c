import Calibrate
import Testing

struct WeightRoundingTests {
  @Test func nearestGivesTheLargestWeightTheLimit() {
    let (values, step) = NearestRounding().round([1, -2, 0.5, 0.012], limit: 127)
    #expect(values == [64, -127, 32, 1])
    #expect(step == 2.0 / 127)
  }

  @Test func zerosStayZeros() {
    for rounding in [NearestRounding(), MinimumErrorRounding()] as [any WeightRounding] {
      let (values, step) = rounding.round([0, 0, 0], limit: 127)
      #expect(values == [0, 0, 0])
      #expect(step == 0)
    }
  }

  @Test func minimumErrorClipsALoneOutlier() {
    var weights = (0..<2000).map { Float($0 % 41 - 20) / 20 * 0.9 }
    weights[0] = 1.6
    func error(_ rounded: (values: [Int16], step: Float)) -> Float {
      zip(weights, rounded.values).reduce(0) {
        $0 + ($1.0 - Float($1.1) * rounded.step) * ($1.0 - Float($1.1) * rounded.step)
      }
    }
    let nearest = NearestRounding().round(weights, limit: 7)
    let chosen = MinimumErrorRounding().round(weights, limit: 7)
    #expect(error(chosen) < error(nearest))
    #expect(chosen.step < nearest.step)
    #expect(chosen.values.allSatisfy { abs($0) <= 7 })
  }
}
