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
    var weights: [Float] = []
    for index in 0..<2000 { weights.append(Float(index % 41 - 20) * 0.045) }
    weights[0] = 1.6
    let nearest = NearestRounding().round(weights, limit: 7)
    let chosen = MinimumErrorRounding().round(weights, limit: 7)
    #expect(squaredError(weights, chosen) < squaredError(weights, nearest))
    #expect(chosen.step < nearest.step)
    #expect(chosen.values.allSatisfy { abs($0) <= 7 })
  }

  private func squaredError(_ weights: [Float], _ rounded: (values: [Int16], step: Float)) -> Float {
    var sum: Float = 0
    for (weight, value) in zip(weights, rounded.values) {
      let difference = weight - Float(value) * rounded.step
      sum += difference * difference
    }
    return sum
  }
}
