import Commands
import Testing

/// Against answers that can be counted, and against definitions followed literally.
struct VerificationFiguresTests {
  /// 30 pairs of one person and 30 of different ones, alternating.
  private func figures(_ cosine: (Int, Bool) -> Float) -> VerificationFigures {
    let same = (0..<60).map { $0.isMultiple(of: 2) }
    return VerificationFigures(same: same, cosines: same.enumerated().map { cosine($0.offset, $0.element) })
  }

  @Test func perfectModel() {
    let perfect = figures { index, same in (same ? 0.5 : 0) + Float(index) * 0.001 }
    #expect(perfect.accuracy.count == 60 && perfect.accuracy.value == 1)
    #expect(perfect.areaUnderCurve == 1 && perfect.equalErrorRate == 0)
    #expect(perfect.foldThresholds.allSatisfy { $0 > 0.059 && $0 < 0.5 })
    let point = perfect.point(falseAcceptRate: 1e-3)
    #expect(point.trueAccepts.value == 1 && point.falseAccepts.count == 0)
    #expect(point.threshold == (Float(59) * 0.001).nextUp)
  }

  @Test func modelThatKnowsNothing() {
    let constant = figures { _, _ in 0.25 }
    #expect(constant.areaUnderCurve == 0.5)
    #expect(constant.accuracy.value == 0.5)
    #expect(constant.point(falseAcceptRate: 0.01).trueAccepts.count == 0)
    let reversed = figures { index, same in (same ? 0 : 0.5) + Float(index) * 0.001 }
    #expect(reversed.areaUnderCurve == 0 && reversed.equalErrorRate == 1)
  }

  @Test func countedByHand() {
    // 3 of 30 pairs of one person are at −0.5 and 6 of 30 of different ones at 0.9; the others at 0.5 and 0.
    let figures = figures { index, same in
      if same { return index < 6 ? -0.5 : 0.5 }
      return index < 12 ? 0.9 : 0
    }
    #expect(figures.accuracy.count == 60 - 3 - 6)
    // (27 · 24 wins) of 900.
    #expect(abs(figures.areaUnderCurve - 648.0 / 900) < 1e-12)
    // Between 0 and 0.5: refuses 0.1 of the one and accepts 0.2 of the other; from 0.5 to 0.9 it refuses all.
    #expect(abs(figures.equalErrorRate - 0.2) < 1e-12)
    #expect(figures.point(falseAcceptRate: 0.2).trueAccepts.count == 27)
    #expect(figures.point(falseAcceptRate: 0.19).trueAccepts.count == 0)
    #expect(figures.point(falseAcceptRate: 0.2).falseAccepts.count == 6)
  }

  /// The pairwise definition of the area, and every false accept rate.
  @Test func randomCosines() {
    var state: UInt64 = 7
    func random() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Coarse, so that there are ties.
      return Float(state >> 58) / 64
    }
    let same = (0..<200).map { _ in random() < 0.4 }
    let cosines = same.map { random() * 0.8 + ($0 ? 0.2 : 0) }
    let figures = VerificationFigures(same: same, cosines: cosines)
    let positive = zip(same, cosines).filter(\.0).map(\.1)
    let negative = zip(same, cosines).filter { !$0.0 }.map(\.1)
    var wins = 0.0
    for one in positive { for other in negative { wins += one > other ? 1 : one == other ? 0.5 : 0 } }
    #expect(abs(figures.areaUnderCurve - wins / Double(positive.count * negative.count)) < 1e-12)
    for rate in [0.5, 0.1, 0.03, 0.01, 1e-3] {
      let point = figures.point(falseAcceptRate: rate)
      #expect(point.falseAccepts.count == negative.count { $0 >= point.threshold })
      #expect(point.trueAccepts.count == positive.count { $0 >= point.threshold })
      #expect(point.falseAccepts.value <= rate)
      // A step lower accepts too many.
      let lower = point.threshold.nextDown
      #expect(Double(negative.count { $0 >= lower }) / Double(negative.count) > rate)
    }
    #expect(figures.accepts(cosines).count == 200)
    let right = zip(figures.accepts(cosines), same).count { $0 == $1 }
    #expect(right == figures.accuracy.count)
  }

  /// Wilson's interval as statsmodels' `proportion_confint(method="wilson")` gives it.
  @Test func confidence() {
    let half = VerificationFigures.Share(count: 50, total: 100)
    #expect(abs(half.lower - 0.403832) < 1e-6 && abs(half.upper - 0.596168) < 1e-6)
    let none = VerificationFigures.Share(count: 0, total: 10)
    #expect(none.lower == 0 && abs(none.upper - 0.277533) < 1e-6)
    let most = VerificationFigures.Share(count: 1191, total: 1200)
    #expect(most.lower > 0.985 && most.lower < most.value && most.upper < 0.9965)
  }
}
