import Calibrate
import QuantRuntime
import Report
import Testing

/// Where the loss comes from.
struct MeasureTests {
  private func comparison(_ models: (float: Model, int8: Model), images: Int = 16) throws -> NetworkComparison {
    let pictures = Pictures(count: images)
    var runs = 0
    let comparison = try NetworkComparison(
      float: models.float, int8: models.int8, faces: try (0..<images).map { try pictures.pixels($0) },
      kernels: kernels(nil), threads: 1
    ) { runs += 1 }
    #expect(runs == NetworkComparison.runs(images: images, blocks: 2))
    return comparison
  }

  /// The network with rounded weights lies between the float one and the int8 one, and both losses make up the whole.
  @Test func lossesAddUp() throws {
    let comparison = try comparison(smallModels())
    let weights = try #require(comparison.weights)
    let whole = try #require(comparison.whole)
    let sum = weights.loss + comparison.activations.loss
    #expect(weights.loss > 1e-7 && comparison.activations.loss > 1e-7)
    #expect(whole.loss > 0.6 * sum && whole.loss < 1.6 * sum)
    for block in 0..<2 {
      #expect(weights.blocks[block] > whole.blocks[block] && comparison.activations.blocks[block] > whole.blocks[block])
    }
  }

  @Test func eachPartIsLessThanAllWeights() throws {
    let comparison = try comparison(smallModels())
    let parts = try #require(comparison.parts)
    #expect(parts.map(\.name) == ["stem", "block 0", "block 1", "linear"])
    let largest = try #require(parts.map(\.loss).max())
    let sum = parts.reduce(0) { $0 + $1.loss }
    let weights = try #require(comparison.weights?.loss)
    #expect(largest < 2 * weights && sum > weights / 2)
  }

  @Test func everyInt8TensorIsCounted() throws {
    let layers = try comparison(smallModels()).layers
    #expect(
      layers.map(\.name) == ["block 0, conv 1", "block 0, conv 2", "block 1, conv 1", "block 1, conv 2", "linear"])
    for layer in layers {
      #expect(layer.channels == 16 && layer.deadChannels == 0)
      #expect(layer.medianSpan > 64 && layer.medianSpan <= 256)
    }
    #expect(channelFindings(layers, images: 16).isEmpty)
  }

  @Test func deadChannelsAreCountedAndNoticed() throws {
    let layers = try comparison(smallModels(deadChannels: 5)).layers
    #expect(layers[1].deadChannels == 5)
    #expect(channelFindings(layers, images: 16).map(\.kind) == [.deadChannels])
    #expect(channelFindings(layers, images: 8).isEmpty)
  }

  /// Ranges that hold half of what was observed.
  @Test func saturatingChannelsAreCountedAndNoticed() throws {
    var models = try smallModels()
    guard case .int8(var network) = models.int8.network else { return }
    network.blocks[1].input.scale = Tensor(network.blocks[1].input.scale.buffer.map { $0 * 4 })
    models.int8 = Model(.int8(network), models.int8.description)
    let layers = try comparison(models).layers
    #expect(layers[2].saturatingChannels > 8 && layers[2].clippedShare > 0.01)
    #expect(layers[0].saturatingChannels == 0)
    #expect(channelFindings(layers, images: 16).map(\.kind) == [.saturation])
  }

  @Test func theTrendEndsWithTheWholeSet() throws {
    let trend = try CalibrationTrend(smallModels().float, faces: Pictures(count: 48), seed: 1)
    var runs = 0
    let points = try trend.run(kernels: kernels(nil), threads: 1) { runs += 1 }
    #expect(points.map(\.images) == [5, 10, 20, 40])
    #expect(runs == trend.imageRuns)
    #expect(points.allSatisfy { $0.drift.images == 8 && $0.drift.mean > 0.9 && $0.drift.mean < 1 })
  }
}
