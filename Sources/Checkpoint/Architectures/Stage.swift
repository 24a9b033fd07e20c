import QuantRuntime

/// A run of blocks of one width and resolution.
struct Stage: Equatable {
  var width: Int
  var blocks: Int

  /// `ir_se50` where the stages are those of a published network, else `ir_se (8 blocks)`.
  ///
  /// - Parameter published: blocks per stage, of 64, 128, 256 and 512 channels, by the network's number.
  static func name(family: String, _ stages: [Stage], published: [String: [Int]]) -> String {
    for (number, blocks) in published {
      let widths = [64, 128, 256, 512]
      if stages == zip(widths, blocks).map({ Stage(width: $0, blocks: $1) }) { return family + number }
    }
    return "\(family) (\(stages.reduce(0) { $0 + $1.blocks }) blocks)"
  }
}

extension ConvolutionGeometry {
  /// 3×3, padded so that stride 1 keeps the resolution.
  static func square3(_ inputs: Int, _ outputs: Int, stride: Int = 1) -> ConvolutionGeometry {
    ConvolutionGeometry(
      inputChannels: inputs, outputChannels: outputs, kernelHeight: 3, kernelWidth: 3, stride: stride, padding: 1)
  }

  static func pointwise(_ inputs: Int, _ outputs: Int, stride: Int = 1) -> ConvolutionGeometry {
    ConvolutionGeometry(
      inputChannels: inputs, outputChannels: outputs, kernelHeight: 1, kernelWidth: 1, stride: stride)
  }

  static func depthwise(
    _ channels: Int, kernelHeight: Int = 3, kernelWidth: Int = 3, stride: Int = 1, padding: Int = 1
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      inputChannels: channels, outputChannels: channels, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
      stride: stride, padding: padding, groups: channels)
  }
}
