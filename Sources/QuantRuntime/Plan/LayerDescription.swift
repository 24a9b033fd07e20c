/// What one step of an embedding computes, for reports.
public struct LayerDescription: Sendable {
  /// The raw value is what tables call it.
  public enum Kind: String, Sendable, CaseIterable {
    case image
    case convolution3x3 = "3×3 convolution"
    case convolution1x1 = "1×1 convolution"
    case convolution = "other convolution"
    case depthwise = "depthwise convolution"
    case grouped = "grouped convolution"
    case linear
    case squeezeExcite = "squeeze-and-excitation"
    case sum = "sums and conversions"
    case pool = "pools"
    case move = "copies"
    case output = "outputs"
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

  /// Describes a convolution.
  init(
    _ name: String, _ convolution: Convolution, _ arithmetic: Arithmetic, _ kernel: String, input: Plane,
    output: Plane, isLinear: Bool
  ) {
    self.name = name
    self.kernel = kernel
    self.arithmetic = arithmetic
    let window = convolution.window
    kind =
      if isLinear {
        .linear
      } else {
        switch (convolution.grouping, window.kernel) {
        case (.depthwise, _): .depthwise
        case (.groups, _): .grouped
        case (.dense, Size(3, 3)): .convolution3x3
        case (.dense, Size(1, 1)): .convolution1x1
        case (.dense, _): .convolution
        }
      }
    (outputHeight, outputWidth) = (output.height, output.width)
    let stride =
      window.stride == Size(1, 1)
      ? ""
      : window.stride.height == window.stride.width
        ? ", stride \(window.stride.height)" : ", stride \(window.stride.text)"
    shape = "\(input.channels)→\(output.channels), \(outputHeight)×\(outputWidth)" + stride
    multiplyAccumulates =
      output.pixels * convolution.outputs * convolution.weightsPerOutput(inputs: input.channels)
  }
}
