import QuantRuntime

/// A small network of MobileFaceNet's form with random weights, for images of 64×48: a stem of two convolutions,
/// bottlenecks with and without shortcut, a tail that ends in a whole-image depthwise convolution. No width is a
/// multiple of 16.
package func bottleneckNetwork() -> Network {
  var random = RandomUnits()
  let stem = [random.dense(3, 20, kernel: 3, stride: 2), random.depthwise(20)]
  let blocks = [
    ResidualBlock(body: random.bottleneck(20, 40, 24, stride: 2), shortcut: .none),
    ResidualBlock(body: random.bottleneck(24, 40, 24, stride: 1), shortcut: .identity),
    ResidualBlock(body: random.bottleneck(24, 56, 36, stride: 2), shortcut: .none),
    ResidualBlock(body: random.bottleneck(36, 40, 36, stride: 1), shortcut: .identity),
  ]
  let tail = [
    random.dense(36, 70, kernel: 1), random.depthwise(70, kernel: (8, 6), padding: 0, hasSlopes: false),
  ]
  return Network(
    input: InputFormat(height: 64, width: 48, channels: .rgb, divisor: 128), stem: stem, blocks: blocks, tail: tail,
    head: EmbeddingHead(
      input: nil, inputHeight: 1, inputWidth: 1, inputChannels: 70, weights: random.values(24 * 70, 0.2),
      bias: random.values(24, 0.1)))
}
