/// A convolution of IR-SE50 or MobileFaceNet (a stage's, unless it says otherwise).
struct LayerShape {
  enum Input: String, CaseIterable {
    case int8, int16, float32

    var bytes: Int {
      switch self {
      case .int8: 1
      case .int16: 2
      case .float32: 4
      }
    }
  }

  /// The way it is computed.
  enum Form: String { case direct, winograd, depthwise }

  var input: Input
  var form = Form.direct
  /// The side of the output, which is as large as the input unless `stride` is 2.
  var side: Int
  /// The number of input channels as stored: 4 for an int16 image, 3 for a float one, else a multiple of 16.
  var inputs: Int
  var outputs: Int
  var kernel: Int
  var stride = 1

  /// `3×3 28² 128→128`, `linear 7²·512→512`.
  var name: String {
    if side == 1 && kernel > 1 { return "linear \(kernel)²·\(inputs)→\(outputs)" }
    let strideText = stride == 1 ? "" : " stride \(stride)"
    return "\(kernel)×\(kernel)\(strideText) \(side)² \(inputs)→\(outputs)"
  }

  var weightsPerOutput: Int { kernel * kernel * (form == .depthwise ? 1 : inputs) }
  var multiplyAccumulates: Int { side * side * outputs * weightsPerOutput }
  /// The side of the input with its border.
  var inputSide: Int { (side - 1) * stride + kernel }

  static func all(_ input: Input) -> [LayerShape] {
    func shape(_ side: Int, _ inputs: Int, _ outputs: Int, _ kernel: Int, stride: Int = 1) -> LayerShape {
      LayerShape(input: input, side: side, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride)
    }
    if input == .int16 {
      return [shape(112, 4, 64, 3), shape(28, 64, 128, 1, stride: 2), shape(7, 256, 512, 1, stride: 2)]
    }
    let stages = [
      shape(112, 64, 64, 3), shape(56, 64, 64, 3), shape(28, 128, 128, 3), shape(14, 256, 256, 3),
      shape(7, 512, 512, 3),
    ]
    var shapes = stages
    if input == .int8 {
      shapes += stages.map {
        var winograd = $0
        winograd.form = .winograd
        return winograd
      }
    }
    shapes += [
      shape(28, 128, 128, 3, stride: 2), shape(56, 64, 128, 1), shape(28, 64, 128, 1), shape(14, 256, 128, 1),
      shape(7, 512, 128, 1), shape(1, 512, 512, 7),
    ]
    for (side, channels) in [(56, 64), (28, 128), (14, 256), (7, 256)] {
      var depthwise = shape(side, channels, channels, 3)
      depthwise.form = .depthwise
      shapes.append(depthwise)
    }
    return shapes
  }
}
