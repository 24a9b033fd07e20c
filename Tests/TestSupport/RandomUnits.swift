import QuantRuntime

/// Layers with random weights, the same on every machine.
package struct RandomUnits {
  private var state: UInt64 = 1

  package init() {}

  /// Between −`magnitude` and `magnitude`.
  package mutating func values(_ count: Int, _ magnitude: Float, around centre: Float = 0) -> [Float] {
    (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return centre + (Float(state >> 40) / Float(1 << 23) - 1) * magnitude
    }
  }

  private mutating func unit(_ geometry: ConvolutionGeometry, hasSlopes: Bool) -> ConvolutionUnit {
    let magnitude = (3 / Float(geometry.weightsPerOutput)).squareRoot()
    let outputs = geometry.outputChannels
    return ConvolutionUnit(
      geometry: geometry, weights: values(outputs * geometry.weightsPerOutput, magnitude),
      bias: values(outputs, 0.3), slopes: hasSlopes ? values(outputs, 0.3, around: 0.25) : nil)
  }

  package mutating func dense(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, hasSlopes: Bool = true
  ) -> ConvolutionUnit {
    unit(
      ConvolutionGeometry(
        inputChannels: inputs, outputChannels: outputs, kernelHeight: kernel, kernelWidth: kernel, stride: stride,
        padding: kernel / 2), hasSlopes: hasSlopes)
  }

  package mutating func depthwise(
    _ channels: Int, kernel: (Int, Int) = (3, 3), stride: Int = 1, padding: Int = 1, hasSlopes: Bool = true
  ) -> ConvolutionUnit {
    unit(
      ConvolutionGeometry(
        inputChannels: channels, outputChannels: channels, kernelHeight: kernel.0, kernelWidth: kernel.1,
        stride: stride, padding: padding, groups: channels), hasSlopes: hasSlopes)
  }

  package mutating func bottleneck(_ inputs: Int, _ hidden: Int, _ outputs: Int, stride: Int) -> [ConvolutionUnit] {
    [
      dense(inputs, hidden, kernel: 1), depthwise(hidden, stride: stride),
      dense(hidden, outputs, kernel: 1, hasSlopes: false),
    ]
  }
}
