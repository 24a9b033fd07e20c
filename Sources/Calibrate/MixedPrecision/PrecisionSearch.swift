import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Finds the units of a quantised network to leave at int16, as few as can be by the time they cost, so that the mean
/// cosine of the held-back images is what was asked for: less two of its standard errors, so that the mean over other
/// faces is too.
///
/// Each unit's loss is measured on calibration images, as what its int8 adds where all others are int16. Losses add up
/// well, but not exactly, and held-back images are others: each choice is verified on those, and its shortfall or
/// surplus corrects the budget of the next.
struct PrecisionSearch {
  /// Images with the float network's embeddings of them.
  struct Sample {
    var pixels: [[UInt8]] = []
    var embeddings: [[Float]] = []
  }

  /// Calibration images, enough to tell which units lose most.
  static let sampleSize = 32
  /// Choices that are verified at most.
  private static let attempts = 8

  let units: [GraphUnit]
  let plain: Graph<QuantisedLayer>
  /// All units at int16.
  let precise: Graph<QuantisedLayer>
  let description: ModelDescription
  let sample: Sample
  let heldBack: Sample
  let kernels: KernelTable
  let threads: ThreadPlan

  /// - Parameter advance: called after each image run of the sample: `sampleSize` for each unit, and once more.
  /// - Throws: where int16 everywhere does not reach `minimumCosine`.
  func search(
    minimumCosine: Float, advance: () -> Void
  ) throws(FaceqError) -> (graph: Graph<QuantisedLayer>, report: PrecisionReport) {
    let plainCosines = try cosines(plain, heldBack)
    var best = (chosen: Array(units.indices), cosines: try cosines(precise, heldBack))
    var surplus = confidentMean(best.cosines) - Double(minimumCosine)
    guard surplus >= 0 else {
      throw FaceqError(
        "even with every layer at int16 the mean cosine of the held-back images, less two standard errors, is "
          + "\(formatDecimal(confidentMean(best.cosines), fractionDigits: 6)), below the \(minimumCosine) that is asked for; "
          + "ask for less")
    }
    let costs = try costs(units, advance)
    var budget = surplus
    var tried: Set<Set<Int>> = []
    while tried.count < Self.attempts {
      let chosen = chooseUnits(costs, budget: budget)
      guard tried.insert(Set(chosen)).inserted else { break }
      let cosines =
        chosen.isEmpty ? plainCosines : try cosines(plain.with(chosen.map { units[$0] }, from: precise), heldBack)
      surplus = confidentMean(cosines) - Double(minimumCosine)
      if surplus >= 0, price(chosen, costs) < price(best.chosen, costs) { best = (chosen, cosines) }
      budget += surplus
    }
    let mixed = plain.with(best.chosen.map { units[$0] }, from: precise)
    let times = try times(of: [plain, precise, mixed])
    let report = PrecisionReport(
      units: units.indices.map { index in
        PrecisionReport.Unit(
          unit: units[index], loss: costs[index].loss, workShare: costs[index].price,
          isInt16: best.chosen.contains(index))
      }, plain: DriftSummary(cosines: plainCosines), chosen: DriftSummary(cosines: best.cosines),
      estimatedTime: 1 + (times[1] / times[0] - 1) * price(best.chosen, costs) / price(Array(units.indices), costs),
      measuredTime: times[2] / times[0])
    return (mixed, report)
  }

  private func price(_ chosen: [Int], _ costs: [UnitCost]) -> Double { chosen.reduce(0) { $0 + costs[$1].price } }

  private func costs(_ units: [GraphUnit], _ advance: () -> Void) throws(FaceqError) -> [UnitCost] {
    let work = try plain.multiplyAccumulates().map { Double($0) }
    let total = work.reduce(0, +)
    let floor = meanLoss(try cosines(precise, sample, advance))
    var costs: [UnitCost] = []
    for unit in units {
      let loss = meanLoss(try cosines(precise.with([unit], from: plain), sample, advance)) - floor
      let chosen = Set(unit.layers)
      let price = unit.nodes.reduce(0) { chosen.contains(plain.nodes[$1].name) ? $0 + work[$1] : $0 }
      costs.append(UnitCost(loss: max(loss, 0), price: price / total))
    }
    return costs
  }

  private func session(_ graph: Graph<QuantisedLayer>, threads: ThreadPlan) throws(FaceqError) -> EmbeddingSession {
    try EmbeddingSession(Model(.int8(graph), description), kernels: kernels, threads: threads)
  }

  private func cosines(
    _ graph: Graph<QuantisedLayer>, _ sample: Sample, _ advance: () -> Void = {}
  ) throws(FaceqError) -> [Float] {
    let session = try session(graph, threads: threads)
    var cosines: [Float] = []
    for (pixels, embedding) in zip(sample.pixels, sample.embeddings) {
      cosines.append(cosine(embedding, try session.embed(pixels)))
      advance()
    }
    return cosines
  }

  /// The mean less two of its standard errors.
  private func confidentMean(_ cosines: [Float]) -> Double {
    let (count, loss) = (Double(cosines.count), meanLoss(cosines))
    let variance = cosines.reduce(0) { $0 + (1 - Double($1) - loss) * (1 - Double($1) - loss) } / max(count - 1, 1)
    return 1 - loss - 2 * (variance / count).squareRoot()
  }

  private func meanLoss(_ cosines: [Float]) -> Double {
    cosines.reduce(0) { $0 + 1 - Double($1) } / Double(cosines.count)
  }

  /// The shortest time of an embedding by each of `graphs` on one thread, in seconds. They take turns, so that
  /// whatever else the machine does slows all of them.
  private func times(of graphs: [Graph<QuantisedLayer>]) throws(FaceqError) -> [Double] {
    var sessions: [EmbeddingSession] = []
    for graph in graphs { sessions.append(try session(graph, threads: 1)) }
    var times = [Double](repeating: .infinity, count: graphs.count)
    let begin = monotonicSeconds()
    var rounds = 0
    while rounds < 10 || (monotonicSeconds() - begin < 3 && rounds < 1000) {
      let pixels = heldBack.pixels[rounds % heldBack.pixels.count]
      rounds += 1
      for (index, session) in sessions.enumerated() {
        let start = monotonicSeconds()
        _ = try session.embed(pixels)
        times[index] = min(times[index], monotonicSeconds() - start)
      }
    }
    return times
  }
}
