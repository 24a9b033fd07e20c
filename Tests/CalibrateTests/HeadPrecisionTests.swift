import Calibrate
import QuantRuntime
import TestSupport
import Testing

/// Which layers of a detector stay at int16 by themselves.
struct HeadPrecisionTests {
  /// Two heads of two layers on a trunk; the body has most of the work.
  private static func listing(body: Int) -> String {
    """
    %0 = image 32×32 rgb (x − [0, 0, 0]) / [1, 1, 1]
    %1 = convolution %0 → 16, 3×3, stride 2, padding 1, relu  stem
    %2 = convolution %1 → \(body), 3×3, padding 1, relu  body.0
    %3 = convolution %2 → 64, 3×3, padding 1, relu  body.1
    %4 = convolution %3 → 1, 1×1  score.0
    %5 = convolution %4 → 1, 3×3, padding 1, depthwise  score.1
    %6 = sigmoid %5
    %7 = convolution %3 → 4, 1×1  box.0
    %8 = convolution %7 → 4, 3×3, padding 1, depthwise  box.1
    outputs %6, %8
    """
  }

  private func raised(body: Int) throws -> [String] {
    let graph = try randomGraph(Self.listing(body: body), seed: 1)
    let recipe = try CalibrationRecipe().raisingHeads(of: graph)
    return graph.recipeLayers.map(\.name).filter { recipe[$0].precision == .int16 }
  }

  @Test func headsThatAreLittleWork() throws {
    #expect(try raised(body: 128) == ["score.0", "score.1", "box.0", "box.1"])
  }

  /// Layers that read each other are taken step by step, so that the last ones alone can be.
  @Test func theLastLayersAlone() throws {
    #expect(try raised(body: 4) == ["score.1", "box.1"])
  }
}
