import CSystem
import FaceqSupport
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

  /// - Parameter inputs: channels of what the convolution reads.
  mutating func convolution(
    _ convolution: Convolution, inputs: Int, gain: Float = 2, prelu: Bool
  ) -> StandInConvolution {
    let perOutput = convolution.weightsPerOutput(inputs: inputs)
    let deviation = (gain / Float(perOutput)).squareRoot()
    var weights: [Float] = []
    for _ in 0..<convolution.outputs {
      let channel = deviation * spread()
      for _ in 0..<perOutput { weights.append(channel * noise()) }
    }
    return StandInConvolution(
      convolution: convolution, weights: weights, bias: [Float](repeating: 0, count: convolution.outputs),
      slopes: prelu ? (0..<convolution.outputs).map { _ in 0.25 + 0.15 * noise() } : nil)
  }

  /// A BatchNorm's learnt part; the statistics are measured.
  mutating func batchNorm(_ channels: Int, gain: Float = 1) -> StandInNorm {
    StandInNorm(
      scale: (0..<channels).map { _ in gain * min(max(spread(), 0.2), 4) },
      shift: (0..<channels).map { _ in 0.3 * noise() })
  }

  mutating func matrix(rows: Int, columns: Int, gain: Float) -> [Float] {
    let deviation = (gain / Float(columns)).squareRoot()
    return (0..<rows * columns).map { _ in deviation * noise() }
  }

  mutating func vector(_ count: Int, deviation: Float) -> [Float] { (0..<count).map { _ in deviation * noise() } }
}

/// A convolution that is being made.
struct StandInConvolution {
  var convolution: Convolution
  var weights: [Float]
  var bias: [Float]
  var slopes: [Float]?

  /// Folds a BatchNorm after the convolution, whose output without it has been measured, into weights and bias.
  mutating func fold(_ norm: StandInNorm, measured moments: ChannelMoments) {
    var norm = norm
    norm.standardise(moments)
    let perOutput = weights.count / bias.count
    for channel in bias.indices {
      for index in channel * perOutput..<(channel + 1) * perOutput { weights[index] *= norm.scale[channel] }
      bias[channel] = bias[channel] * norm.scale[channel] + norm.shift[channel]
    }
  }
}

/// A BatchNorm as `x · scale + shift` for each channel.
struct StandInNorm {
  var scale: [Float]
  var shift: [Float]

  /// Makes `(x − mean) / deviation · scale + shift` of it.
  mutating func standardise(_ moments: ChannelMoments) {
    for channel in scale.indices {
      scale[channel] /= (moments.deviation[channel] * moments.deviation[channel] + 1e-5).squareRoot()
      shift[channel] -= moments.mean[channel] * scale[channel]
    }
  }
}
