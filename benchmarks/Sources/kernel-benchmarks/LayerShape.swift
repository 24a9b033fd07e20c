/// A convolution of IR-SE50 (a stage's, unless it says otherwise).
struct LayerShape {
  enum Input: String, CaseIterable { case int8, int16, float32 }

  var name: String
  var input: Input
  /// Of the output, which is as large as the input unless `stride` is 2.
  var side: Int
  /// As stored: 4 for an int16 image, 3 for a float one, else a multiple of 16.
  var inputs: Int
  var outputs: Int
  var kernel: Int
  var stride = 1

  var multiplyAccumulates: Int { side * side * outputs * kernel * kernel * inputs }

  static func all(_ input: Input) -> [LayerShape] {
    if input == .int16 {
      return [
        LayerShape(name: "stem 112²", input: input, side: 112, inputs: 4, outputs: 64, kernel: 3),
        LayerShape(name: "shortcut 28² 64→128", input: input, side: 28, inputs: 64, outputs: 128, kernel: 1, stride: 2),
        LayerShape(name: "shortcut 7² 256→512", input: input, side: 7, inputs: 256, outputs: 512, kernel: 1, stride: 2),
      ]
    }
    return [
      LayerShape(name: "3×3 112² 64→64", input: input, side: 112, inputs: 64, outputs: 64, kernel: 3),
      LayerShape(name: "3×3 56² 64→64", input: input, side: 56, inputs: 64, outputs: 64, kernel: 3),
      LayerShape(name: "3×3 28² 128→128", input: input, side: 28, inputs: 128, outputs: 128, kernel: 3),
      LayerShape(name: "3×3 14² 256→256", input: input, side: 14, inputs: 256, outputs: 256, kernel: 3),
      LayerShape(name: "3×3 7² 512→512", input: input, side: 7, inputs: 512, outputs: 512, kernel: 3),
      LayerShape(
        name: "3×3 stride 2 28² 128→128", input: input, side: 28, inputs: 128, outputs: 128, kernel: 3, stride: 2),
      LayerShape(name: "linear 7²·512→512", input: input, side: 1, inputs: 512, outputs: 512, kernel: 7),
    ]
  }
}
