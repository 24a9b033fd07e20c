/// A BatchNorm with its statistics frozen: `y = (x − mean) · weight / √(variance + ε) + bias`, as `y = x · scale +
/// shift`. In double, so that folding it rounds once.
struct BatchNorm {
  /// PyTorch's default, which every network here was trained with.
  static let epsilon = 1e-5

  var scale: [Double]
  var shift: [Double]

  /// All of one length, one value per channel.
  init(weight: [Float], bias: [Float], mean: [Float], variance: [Float]) {
    scale = zip(weight, variance).map { weight, variance in
      Double(weight) / (Double(variance) + Self.epsilon).squareRoot()
    }
    shift = zip(zip(bias, mean), scale).map { Double($0.0) - Double($0.1) * $1 }
  }

  static func identity(channels: Int) -> BatchNorm {
    BatchNorm(scale: [Double](repeating: 1, count: channels), shift: [Double](repeating: 0, count: channels))
  }

  private init(scale: [Double], shift: [Double]) {
    self.scale = scale
    self.shift = shift
  }
}
