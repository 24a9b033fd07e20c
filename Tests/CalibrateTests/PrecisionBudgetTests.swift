import Calibrate
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

/// As much int16 as a cosine needs.
struct PrecisionBudgetTests {
  private static let float = Result { try model(bottleneckGraph()) }

  /// Without error compensation: it would make up for most of what these tests measure.
  private let plainRecipe = CalibrationRecipe(rounding: MinimumErrorRounding())

  private func calibration(_ recipe: CalibrationRecipe) throws -> Calibration<SyntheticFaces> {
    try Calibration(
      Self.float.get(), faces: SyntheticFaces(count: 100, seed: 1, height: 64, width: 48), seed: 1, recipe: recipe,
      kernels: kernels(nil), threads: 2)
  }

  /// A block whose input is clipped to a few values loses far more than all the others: it alone is left at int16.
  @Test func aBlockMadeNoisyIsFound() throws {
    var recipe = plainRecipe
    recipe["blocks.2.body.0"] = LayerRecipe(
      range: PercentileRange(percentile: 70), rounding: MinimumErrorRounding(), reason: "on purpose")
    let calibration = try calibration(recipe)
    let plain = try #require(
      try self.calibration(plainRecipe).run(tool: "", imagesDigest: "") {}.description.calibration)
    // What the network without the noise reaches easily.
    let wanted = 1 - (1 - plain.drift.mean) * 1.5
    var advanced = 0
    let result = try calibration.run(tool: "", imagesDigest: "", minimumCosine: wanted) { advanced += 1 }
    #expect(result.report.units.map(\.name) == ["blocks.0.body.2", "blocks.1", "blocks.2.body", "blocks.3", "head"])
    #expect(result.report.units.filter(\.isInt16).map(\.name) == ["blocks.2.body"])
    #expect(result.graph.int16Layers == (0..<3).map { "blocks.2.body.\($0)" })
    #expect(result.report.plain.mean < wanted)
    #expect(result.report.chosen.mean >= wanted)
    #expect(result.description.calibration?.drift == result.report.chosen)
    #expect(advanced == calibration.imageRunsToBudget)
    #expect(result.recipe["blocks.2.body.0"].precision == .int16)
    #expect(result.recipe["blocks.2.body.0"].reason.contains("blocks.2"))
    #expect(result.recipe["blocks.1.body.0"].precision == .int8)
    #expect(result.report.text.contains("int16 in blocks.2.body:"))
  }

  @Test func whatInt8ReachesNeedsNoInt16() throws {
    let result = try calibration(plainRecipe).run(tool: "", imagesDigest: "", minimumCosine: 0.9) {}
    #expect(result.graph.int16Layers == [])
    #expect(result.report.int16Share == 0)
    #expect(result.report.text.contains("nothing needs int16"))
  }

  @Test func moreCosineNeedsMoreInt16() throws {
    let calibration = try calibration(plainRecipe)
    var shares: [Double] = []
    for wanted: Float in [0.99, 0.9995, 0.9999] {
      let result = try calibration.run(tool: "", imagesDigest: "", minimumCosine: wanted) {}
      #expect(result.report.chosen.mean >= wanted)
      shares.append(result.report.int16Share)
    }
    #expect(shares == shares.sorted())
    #expect(shares[2] > shares[0])
  }

  @Test func whatInt16DoesNotReachIsAnError() throws {
    let error = #expect(throws: FaceqError.self) {
      try calibration(plainRecipe).run(tool: "", imagesDigest: "", minimumCosine: 0.99999999) {}
    }
    #expect(error?.message.contains("even with every layer at int16") == true)
  }

  @Test func unitsAreChosenByLossPerPrice() {
    let units = [(8, 4), (6, 1), (3, 1), (1, 4)].map { UnitCost(loss: $0.0, price: $0.1) }
    #expect(chooseUnits(units, budget: 18) == [])
    #expect(chooseUnits(units, budget: 12) == [1])
    #expect(chooseUnits(units, budget: 9) == [1, 2])
    #expect(chooseUnits(units, budget: -1) == [1, 2, 0, 3])
  }

  /// The dear unit makes the cheap one before it unnecessary.
  @Test func whatTheRestMakesUnnecessaryIsGivenBack() {
    let units = [UnitCost(loss: 1, price: 1), UnitCost(loss: 8, price: 10)]
    #expect(chooseUnits(units, budget: 1) == [1])
  }
}
