import Calibrate
import QuantRuntime
import TestSupport
import Testing

/// A network that is no chain of residual blocks: branches that are joined, groups, windows that are not square, clamps,
/// pools, and a layer that reads what was written long before.
struct BranchedGraphTests {
  private static let listing = """
    %0 = image 32×32 rgb (x − [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]
    %1 = convolution %0 → 24, 3×3, stride 2, padding 1, clamp 0…6  stem
    %2 = convolution %1 → 32, 1×1, relu  left.0
    %3 = convolution %2 → 32, 1×5, padding 0 2 0 2, relu  left.1
    %4 = convolution %3 → 32, 5×1, stride 2×1, padding 2 0 2 0, prelu  left.2
    %5 = convolution %1 → 32, 3×3, stride 2×1, padding 1, groups 4, leaky 0.1  right
    %6 = concatenate %4, %5
    %7 = max pool %6, 3×3, stride 1×2, padding 1
    %8 = convolution %7 → 48, 3×3, padding 1, clamp 0…6  joined
    %9 = convolution %8 → 48, 3×3, padding 1, depthwise, clamp -2…2  deep
    %10 = convolution %9 → 48, 1×1  body
    %11 = convolution %7 → 48, 1×1  late
    %12 = add %10, %11, relu  sum
    %13 = average pool %12, 2×2, stride 2
    %14 = convolution %13 → 32, 3×3, relu  last
    %15 = linear %14 → 24, 2×2  head
    %16 = normalise %15
    outputs %16
    """
  private static let float = Result { try model(randomGraph(listing, seed: 5)) }
  private static let faces = SyntheticFaces(count: 400, seed: 1, height: 32, width: 32)

  private func calibration(_ recipe: CalibrationRecipe) throws -> Calibration<SyntheticFaces> {
    try Calibration(Self.float.get(), faces: Self.faces, seed: 1, recipe: recipe, kernels: kernels(nil), threads: 2)
  }

  private func loss(_ calibration: Calibration<SyntheticFaces>) throws -> Float {
    let (graph, description) = try calibration.run(tool: "test", imagesDigest: "") {}
    #expect(try graph.topology == Self.float.get().topology)
    let float = try EmbeddingSession(Self.float.get(), kernels: kernels(nil), threads: 1)
    let int8 = try EmbeddingSession(Model(.int8(graph), description), kernels: kernels(nil), threads: 1)
    let unseen = SyntheticFaces(count: 200, seed: 2, height: 32, width: 32)
    var loss: Float = 0
    for index in 0..<unseen.count {
      let pixels = try unseen.pixels(index)
      loss += 1 - cosine(try float.embed(pixels), try int8.embed(pixels))
    }
    return loss / Float(unseen.count)
  }

  /// Every kind of layer is compensated for, and it helps.
  @Test func compensationLowersTheDrift() throws {
    let plain = try loss(calibration(CalibrationRecipe(rounding: MinimumErrorRounding())))
    let compensated = try loss(calibration(CalibrationRecipe()))
    #expect(plain < 0.02)
    #expect(compensated < plain, "\(compensated) against \(plain)")
  }

  @Test func int16EverywhereIsNearlyFloat() throws {
    let recipe = CalibrationRecipe(standard: LayerRecipe(precision: .int16, range: MaximumRange(margin: 2)))
    #expect(try loss(calibration(recipe)) < 0.0001)
  }

  /// Both layers that read one value, and what is joined with it, have one precision; the recipe says so afterwards.
  @Test func layersThatReadOneValueHaveOnePrecision() throws {
    var recipe = CalibrationRecipe()
    recipe["late"].precision = .int16
    recipe["left.1"].precision = .int16
    let calibration = try calibration(recipe)
    let (graph, _) = try calibration.run(tool: "test", imagesDigest: "") {}
    #expect(graph.int16Layers == ["left.1", "joined", "late"])
    #expect(calibration.recipe["joined"].precision == .int16)
    #expect(calibration.recipe["joined"].reason.contains("reads what"))
    #expect(calibration.recipe["deep"].precision == .int8)
  }

  /// A value that two layers read holds the ranges that both want.
  @Test func rangesOfAllReadersAreHeld() throws {
    func width(_ joined: Double, _ late: Double) throws -> Float {
      var recipe = CalibrationRecipe(rounding: NearestRounding())
      recipe["joined"].range = MaximumRange(margin: joined)
      recipe["late"].range = MaximumRange(margin: late)
      let (graph, _) = try calibration(recipe).run(tool: "test", imagesDigest: "") {}
      // What left.2 writes is what both read: the coarser its steps, the smaller the multiplier.
      return 1 / (try #require(graph.layer("left.2")).positive[0])
    }
    let (narrow, wide) = (try width(1.2, 1.2), try width(2.4, 2.4))
    #expect(abs(wide / narrow - 2) < 0.01)
    #expect(try width(1.2, 2.4) == wide)
    #expect(try width(2.4, 1.2) == wide)
  }

  /// Only where one sum alone is alive do units meet: here nowhere but behind the sum.
  @Test func aBudgetIsMet() throws {
    let calibration = try calibration(CalibrationRecipe(rounding: NearestRounding()))
    var advanced = 0
    let result = try calibration.run(tool: "", imagesDigest: "", minimumCosine: 0.99) { advanced += 1 }
    #expect(result.report.units.map(\.name) == ["late", "head"])
    #expect(result.report.chosen.mean >= 0.99)
    #expect(advanced == calibration.imageRunsToBudget)
  }
}
