import Calibrate
import QuantRuntime

/// Two blocks on 32×32 pixels, random but always the same: BatchNorm in front, squeeze-and-excitation, a subsampled and
/// an identity shortcut.
///
/// - Parameter deadChannel: of the first block's first convolution, always 0.
func smallNetwork(deadChannels: Int = 0) -> Network {
  var generator = SplitMix64(state: 7)
  func values(_ count: Int, _ magnitude: Float, around centre: Float = 0) -> [Float] {
    (0..<count).map { _ in centre + Float.random(in: -magnitude...magnitude, using: &generator) }
  }
  func unit(_ inputs: Int, _ outputs: Int, stride: Int = 1, slopes: Bool) -> ConvolutionUnit {
    ConvolutionUnit(
      geometry: ConvolutionGeometry(
        inputChannels: inputs, outputChannels: outputs, kernelHeight: 3, kernelWidth: 3, stride: stride, padding: 1),
      weights: values(inputs * outputs * 9, (3 / Float(9 * inputs)).squareRoot()), bias: values(outputs, 0.2),
      slopes: slopes ? values(outputs, 0.2, around: 0.25) : nil)
  }
  func block(stride: Int, _ shortcut: Shortcut) -> ResidualBlock {
    ResidualBlock(
      input: ChannelAffine(scale: values(16, 0.3, around: 1), shift: values(16, 0.3)),
      body: [unit(16, 16, slopes: true), unit(16, 16, stride: stride, slopes: false)],
      squeezeExcite: SqueezeExcite(reduce: values(4 * 16, 0.5), expand: values(4 * 16, 0.5), hidden: 4),
      shortcut: shortcut)
  }
  var first = block(stride: 2, .subsample(stride: 2))
  for channel in 0..<deadChannels {
    first.body[0].weights.replaceSubrange(channel * 144..<(channel + 1) * 144, with: repeatElement(0, count: 144))
    first.body[0].bias[channel] = 0
  }
  return Network(
    input: InputFormat(height: 32, width: 32, channels: .rgb), stem: [unit(3, 16, slopes: true)],
    blocks: [first, block(stride: 1, .identity)],
    head: EmbeddingHead(
      input: nil, inputHeight: 16, inputWidth: 16, inputChannels: 16, weights: values(24 * 4096, 0.03),
      bias: values(24, 0.1)))
}

/// Pictures of coloured stripes and noise.
struct Pictures: FaceSource {
  var count: Int
  func pixels(_ index: Int) throws(FaceqError) -> [UInt8] {
    var generator = SplitMix64(state: UInt64(index + 1))
    let colours = (0..<12).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let width = Int.random(in: 2...9, using: &generator)
    return (0..<32 * 32 * 3).map { value in
      let stripe = (value / 3 / 32 / width + value / 3 % 32 / (width + 2)) % 4
      return UInt8(clamping: Int(colours[stripe * 3 + value % 3]) + Int.random(in: -20...20, using: &generator))
    }
  }
}

/// A float model and the int8 model made from it.
func smallModels(deadChannels: Int = 0, margin: Float = 1.2) throws -> (float: Model, int8: Model) {
  let float = Model(
    smallNetwork(deadChannels: deadChannels),
    ModelDescription(
      architecture: "small", parameters: 0, source: ModelDescription.Source(name: "test", sha256: ""),
      isStandIn: false))
  let calibration = try Calibration(
    float, faces: Pictures(count: 48), seed: 1, recipe: CalibrationRecipe(range: MaximumRange(margin: Double(margin))),
    kernels: kernels(nil), threads: 1)
  let (network, description) = try calibration.run(tool: "test", imagesDigest: "") {}
  return (float, Model(.int8(network), description))
}
