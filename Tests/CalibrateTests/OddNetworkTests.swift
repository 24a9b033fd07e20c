import Calibrate
import FaceqSupport
import QuantRuntime
import TestSupport
import Testing

/// Networks that nobody trained: each is calibrated, or one sentence says why not.
struct OddNetworkTests {
  private func calibrated(
    _ graph: Graph<FloatLayer>, _ recipe: CalibrationRecipe = CalibrationRecipe()
  ) throws -> ModelDescription {
    let image = try graph.image
    let faces = SyntheticFaces(count: 20, seed: 1, height: image.height, width: image.width)
    return try Calibration(
      model(graph), faces: faces, seed: 1, recipe: recipe, kernels: kernels(nil), threads: 2
    ).run(tool: "test", imagesDigest: "") {}.description
  }

  private func message(_ graph: Graph<FloatLayer>) -> String {
    do {
      _ = try calibrated(graph)
      return "no error"
    } catch { return (error as? FaceqError)?.message ?? "\(error)" }
  }

  @Test func weightsThatAreFarTooLarge() throws {
    let graph = try bottleneckGraph().changing("blocks.1.body.0", tensor: 0) { $0[3] = -1e30 }
    #expect(message(graph).contains("has weights in blocks.1.body.0 that are far too large"))
  }

  @Test(arguments: [1e6, 1e13] as [Float])
  func valuesThatAreFarTooLarge(_ factor: Float) throws {
    var graph = try bottleneckGraph()
    for name in ["stem.0", "blocks.0.body.0", "blocks.1.body.0", "blocks.2.body.0", "tail.0"] {
      graph = try graph.changing(name, tensor: 0) { weights in weights = weights.map { $0 * factor } }
    }
    #expect(message(graph).contains("that are far too large, or none, on these pictures"))
  }

  /// The zero points' share of its sums does not fit 32 bits.
  @Test func aLinearLayerOfManyWeights() throws {
    let graph = try randomGraph(
      """
      %0 = image 48×48 rgb
      %1 = convolution %0 → 64, 1×1, relu  first
      %2 = linear %1 → 4, 48×48  second
      %3 = normalise %2
      outputs %3
      """
    ).changing("first", tensor: 0) { weights in weights = weights.map { abs($0) } }
      .changing("second", tensor: 0) { weights in weights = weights.map { _ in 0.01 } }
    let description = try calibrated(graph, CalibrationRecipe(rounding: NearestRounding()))
    #expect(try #require(description.calibration).drift.minimum > 0.999)
  }
}
