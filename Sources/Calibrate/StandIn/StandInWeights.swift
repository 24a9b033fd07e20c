import CSystem
import QuantRuntime

/// Draws the weights of a stand-in network: heavy-tailed (Laplace), with spreads between channels as in trained
/// networks.
struct StandInWeights {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(state: seed) }

  /// Laplace distributed, of variance 1.
  private mutating func noise() -> Float {
    let uniform = Float.random(in: -0.5..<0.5, using: &generator)
    return (uniform < 0 ? 1 : -1) * logf(1 - 2 * min(abs(uniform), 0.499_999_9)) * 0.707_106_8
  }

  private mutating func spread() -> Float { expf(0.4 * noise()) }

  mutating func convolution(_ geometry: ConvolutionGeometry, gain: Float = 2, prelu: Bool) -> ConvolutionUnit {
    let deviation = (gain / Float(geometry.weightsPerOutput)).squareRoot()
    var weights: [Float] = []
    for _ in 0..<geometry.outputChannels {
      let channel = deviation * spread()
      for _ in 0..<geometry.weightsPerOutput { weights.append(channel * noise()) }
    }
    return ConvolutionUnit(
      geometry: geometry, weights: weights, bias: [Float](repeating: 0, count: geometry.outputChannels),
      slopes: prelu ? (0..<geometry.outputChannels).map { _ in 0.25 + 0.15 * noise() } : nil)
  }

  /// A BatchNorm's learnt part; the statistics are measured.
  mutating func batchNorm(_ channels: Int, gain: Float = 1) -> ChannelAffine {
    ChannelAffine(
      scale: (0..<channels).map { _ in gain * min(max(spread(), 0.2), 4) },
      shift: (0..<channels).map { _ in 0.3 * noise() })
  }

  mutating func matrix(rows: Int, columns: Int, gain: Float) -> [Float] {
    let deviation = (gain / Float(columns)).squareRoot()
    return (0..<rows * columns).map { _ in deviation * noise() }
  }

  mutating func vector(_ count: Int, deviation: Float) -> [Float] { (0..<count).map { _ in deviation * noise() } }
}
