/// How well a model tells people apart, from the cosines of pairs of faces. A pair is accepted where its cosine is at
/// least the threshold.
package struct VerificationFigures: Sendable {
  /// A share, and the interval that it lies in with 95 % confidence (Wilson 1927).
  package struct Share: Sendable, Equatable {
    package var count: Int
    package var total: Int
    package var value: Double { Double(count) / Double(total) }
    package var lower: Double { wilson(-1) }
    package var upper: Double { wilson(1) }

    package init(count: Int, total: Int) {
      self.count = count
      self.total = total
    }

    private func wilson(_ side: Double) -> Double {
      let (n, z) = (Double(total), 1.959_963_984_540_054)
      let centre = value + z * z / (2 * n)
      let half = z * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
      return min(max((centre + side * half) / (1 + z * z / n), 0), 1)
    }
  }

  /// The shares that a threshold accepts.
  package struct OperatingPoint: Sendable {
    package var threshold: Float
    /// The share of the pairs of one person that is accepted.
    package var trueAccepts: Share
    /// The share of the pairs of different persons that is accepted.
    package var falseAccepts: Share
  }

  package static let folds = 10

  /// The share of the pairs that are decided rightly, each tenth with the threshold that is best on the other nine.
  package let accuracy: Share
  /// The threshold of each tenth.
  package let foldThresholds: [Float]
  /// The chance that a pair of one person has a higher cosine than one of different persons; ties count half.
  package let areaUnderCurve: Double
  /// The error rate at the threshold where the share of the pairs of one person that is refused equals the share of the
  /// others that is accepted, halfway between the two thresholds that enclose it.
  package let equalErrorRate: Double

  private let same: [Bool]
  private let cosines: [Float]
  /// The cosines of the pairs of one person, ascending.
  private let sameCosines: [Float]
  private let differentCosines: [Float]

  /// - Parameters:
  ///   - same: whether each pair is of one person; ten of both kinds at least.
  ///   - cosines: of each pair; all finite.
  package init(same: [Bool], cosines: [Float]) {
    precondition(same.count == cosines.count)
    self.same = same
    self.cosines = cosines
    sameCosines = zip(same, cosines).filter { $0.0 }.map { $0.1 }.sorted()
    differentCosines = zip(same, cosines).filter { !$0.0 }.map { $0.1 }.sorted()
    precondition(min(sameCosines.count, differentCosines.count) >= VerificationFigures.folds)

    var thresholds: [Float] = []
    for fold in 0..<VerificationFigures.folds {
      let others = same.indices.filter { VerificationFigures.fold($0, of: same.count) != fold }
      thresholds.append(bestThreshold(others.map { (cosines[$0], same[$0]) }))
    }
    foldThresholds = thresholds
    let right = same.indices.count { index in
      (cosines[index] >= thresholds[VerificationFigures.fold(index, of: same.count)]) == same[index]
    }
    accuracy = Share(count: right, total: same.count)
    areaUnderCurve = area(sameCosines, differentCosines)
    equalErrorRate = equalError(sameCosines, differentCosines)
  }

  /// Which tenth of a list of `count` pairs the pair at `index` is in, from 0.
  private static func fold(_ index: Int, of count: Int) -> Int { index * folds / count }

  /// Whether a model with these cosines for the same pairs accepts each, at the thresholds of this one's tenths.
  package func accepts(_ cosines: [Float]) -> [Bool] {
    cosines.indices.map { cosines[$0] >= foldThresholds[VerificationFigures.fold($0, of: cosines.count)] }
  }

  /// The lowest threshold that accepts at most this share (0…1) of the pairs of different persons.
  package func point(falseAcceptRate: Double) -> OperatingPoint {
    let different = differentCosines.count
    let allowed = Int(falseAcceptRate * Double(different) + 1e-9)
    // Just above the highest cosine that must be refused.
    let threshold = allowed < different ? differentCosines[different - 1 - allowed].nextUp : differentCosines[0]
    return OperatingPoint(
      threshold: threshold,
      trueAccepts: Share(count: sameCosines.count { $0 >= threshold }, total: sameCosines.count),
      falseAccepts: Share(count: differentCosines.count { $0 >= threshold }, total: different))
  }
}

/// The threshold with the most right decisions, in the middle between the cosines around it; of several, the lowest.
private func bestThreshold(_ pairs: [(cosine: Float, same: Bool)]) -> Float {
  let sorted = pairs.sorted { $0.cosine < $1.cosine }
  // Below all cosines every pair is accepted.
  var right = sorted.count { $0.same }
  var best = (right: right, threshold: sorted[0].cosine)
  for (index, pair) in sorted.enumerated() {
    right += pair.same ? -1 : 1
    let next = index + 1 < sorted.count ? sorted[index + 1].cosine : pair.cosine.nextUp
    if next > pair.cosine, right > best.right { best = (right, middle(pair.cosine, next)) }
  }
  return best.threshold
}

/// A number above `low` and at most `high`, in the middle where there is one.
private func middle(_ low: Float, _ high: Float) -> Float {
  let middle = low + (high - low) / 2
  return middle > low ? middle : high
}

/// The area under the ROC curve, as Mann and Whitney's U; both lists are ascending.
private func area(_ same: [Float], _ different: [Float]) -> Double {
  var (below, atMost) = (0, 0)
  var sum = 0
  for cosine in same {
    while below < different.count, different[below] < cosine { below += 1 }
    atMost = max(atMost, below)
    while atMost < different.count, different[atMost] <= cosine { atMost += 1 }
    sum += below + atMost
  }
  return Double(sum) / 2 / Double(same.count * different.count)
}

/// The equal error rate; both lists are ascending.
private func equalError(_ same: [Float], _ different: [Float]) -> Double {
  var (refused, passed) = (0, 0)
  var before = (falseRejects: 0.0, falseAccepts: 1.0)
  for threshold in (same + different).sorted() + [.infinity] {
    while refused < same.count, same[refused] < threshold { refused += 1 }
    while passed < different.count, different[passed] < threshold { passed += 1 }
    let falseRejects = Double(refused) / Double(same.count)
    let falseAccepts = 1 - Double(passed) / Double(different.count)
    if falseRejects >= falseAccepts {
      if falseRejects == falseAccepts { return falseRejects }
      return (max(falseAccepts, before.falseRejects) + min(falseRejects, before.falseAccepts)) / 2
    }
    before = (falseRejects, falseAccepts)
  }
  return before.falseRejects
}
