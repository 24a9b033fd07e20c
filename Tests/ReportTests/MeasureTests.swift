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
    #expect(runs == (try NetworkComparison.runs(images: images, of: models.int8)))
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
    #expect(comparison.additions == ["blocks.0", "blocks.1"])
    for index in 0..<2 {
      #expect(weights.additions[index] > whole.additions[index])
      #expect(comparison.activations.additions[index] > whole.additions[index])
    }
  }

  @Test func eachPartIsLessThanAllWeights() throws {
    let comparison = try comparison(smallModels())
    let parts = try #require(comparison.parts)
    #expect(parts.map(\.name) == ["stem.0", "blocks.0", "blocks.1", "head"])
    let largest = try #require(parts.map(\.loss).max())
    let sum = parts.reduce(0) { $0 + $1.loss }
    let weights = try #require(comparison.weights?.loss)
    #expect(largest < 2 * weights && sum > weights / 2)
  }

  @Test func everyInt8TensorIsCounted() throws {
    let layers = try comparison(smallModels()).layers
    #expect(
      layers.map(\.name) == ["blocks.0.body.0", "blocks.0.body.1", "blocks.1.body.0", "blocks.1.body.1", "head"])
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
    guard case .int8(var graph) = models.int8.network, let index = graph.index(named: "blocks.1.input"),
      case .conversion(var conversion) = graph.nodes[index].layer
    else {
      Issue.record("the second block has no BatchNorm")
      return
    }
    conversion.scale = Tensor(conversion.scale.buffer.map { $0 * 4 })
    graph.nodes[index].layer = .conversion(conversion)
    models.int8 = try Model(.int8(graph), models.int8.description)
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
