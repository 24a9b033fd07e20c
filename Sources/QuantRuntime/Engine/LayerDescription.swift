/// What one step of an embedding computes, for reports.
public struct LayerDescription: Sendable {
  /// The raw value is what tables call it.
  public enum Kind: String, Sendable, CaseIterable {
    case image
    case convolution3x3 = "3×3 convolution"
    case convolution1x1 = "1×1 convolution"
    case convolution = "other convolution"
    case depthwise = "depthwise convolution"
    case linear
    case squeezeExcite = "squeeze-and-excitation"
    case trunk
    case norm
    case observation
  }

  /// What the products are made of. The raw value is what tables call it.
  public enum Arithmetic: String, Sendable {
    case int8, int16, float
  }

  /// Its place in the network, such as `blocks.3.body.1`.
  public let name: String
  public let kind: Kind
  /// Nil where nothing is multiplied, or next to nothing.
  public let arithmetic: Arithmetic?
  /// The kernel that computes it, such as `winograd by rows, vnni`; nil where it is no convolution.
  public let kernel: String?
  /// Channels, pixels and stride, such as `64→128, 28×28, stride 2`; empty where there is no more to say.
  public let shape: String
  public let multiplyAccumulates: Int
  /// Of its output; 0 where it is no convolution.
  public let outputHeight: Int
  public let outputWidth: Int

  init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
    arithmetic = nil
    kernel = nil
    shape = ""
    multiplyAccumulates = 0
    outputHeight = 0
    outputWidth = 0
  }

  /// A convolution with `pixels` outputs per channel, `width` of them in a row.
  init(
    _ name: String, _ geometry: ConvolutionGeometry, _ arithmetic: Arithmetic, _ kernel: String, pixels: Int,
    width: Int, isLinear: Bool = false
  ) {
    self.name = name
    self.kernel = kernel
    self.arithmetic = arithmetic
    kind =
      if isLinear {
        .linear
      } else if geometry.isDepthwise {
        .depthwise
      } else {
        switch (geometry.kernelHeight, geometry.kernelWidth) {
        case (3, 3): .convolution3x3
        case (1, 1): .convolution1x1
        default: .convolution
        }
      }
    outputHeight = pixels / width
    outputWidth = width
    let stride = geometry.stride == 1 ? "" : ", stride \(geometry.stride)"
    shape = "\(geometry.inputChannels)→\(geometry.outputChannels), \(outputHeight)×\(width)" + stride
    multiplyAccumulates = pixels * geometry.outputChannels * geometry.weightsPerOutput
  }
}
