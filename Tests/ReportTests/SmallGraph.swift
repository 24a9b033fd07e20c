import Calibrate
import FaceqSupport
import QuantRuntime
import TestSupport

/// Two blocks on 32×32 pixels, random but always the same: BatchNorm before the convolutions, squeeze-and-excitation, a
/// subsampled shortcut and one that is the identity.
///
/// - Parameter deadChannels: of what the first block's first convolution writes, always 0.
func smallGraph(deadChannels: Int = 0) throws -> Graph<FloatLayer> {
  let graph = try randomGraph(
    """
    %0 = image 32×32 rgb (x − 127.5) / 127.5
    %1 = convolution %0 → 16, 3×3, padding 1, prelu  stem.0
    %2 = affine %1  blocks.0.input
    %3 = convolution %2 → 16, 3×3, padding 1, prelu  blocks.0.body.0
    %4 = convolution %3 → 16, 3×3, stride 2, padding 1  blocks.0.body.1
    %5 = gate %4, hidden 4  blocks.0.se
    %6 = add subsample 2 %1, %4 · %5  blocks.0
    %7 = affine %6  blocks.1.input
    %8 = convolution %7 → 16, 3×3, padding 1, prelu  blocks.1.body.0
    %9 = convolution %8 → 16, 3×3, padding 1  blocks.1.body.1
    %10 = gate %9, hidden 4  blocks.1.se
    %11 = add %6, %9 · %10  blocks.1
    %12 = linear %11 → 24, 16×16  head
    %13 = normalise %12  embedding
    outputs %13
    """, seed: 7)
  return try graph.changing("blocks.0.body.0", tensor: 0) { weights in
    for index in 0..<deadChannels * 144 { weights[index] = 0 }
  }.changing("blocks.0.body.0", tensor: 1) { bias in
    for channel in 0..<deadChannels { bias[channel] = 0 }
  }
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
func models(_ graph: Graph<FloatLayer>, _ recipe: CalibrationRecipe = CalibrationRecipe()) throws -> (
  float: Model, int8: Model
) {
  let float = try model(graph)
  let calibration = try Calibration(
    float, faces: Pictures(count: 48), seed: 1, recipe: recipe, kernels: kernels(nil), threads: 1)
  let (quantised, description) = try calibration.run(tool: "test", imagesDigest: "") {}
  return (float, try Model(.int8(quantised), description))
}

/// The models of `smallGraph`.
func smallModels(deadChannels: Int = 0) throws -> (float: Model, int8: Model) {
  try models(smallGraph(deadChannels: deadChannels))
}
