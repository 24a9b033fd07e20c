extension LayerWeights {
  /// The least and the largest output of each channel of a depthwise convolution whose inputs take every value that
  /// their scales can represent: the sums of the products' extremes, then bias and PReLU.
  func depthwiseReach(from input: [ClosedRange<Float>]) -> [ClosedRange<Float>] {
    (0..<outputs).map { channel in
      let (lowest, highest) = (input[channel].lowerBound, input[channel].upperBound)
      var (low, high) = (bias[channel], bias[channel])
      for weight in weights[channel * perOutput..<(channel + 1) * perOutput] {
        low += min(weight * lowest, weight * highest)
        high += max(weight * lowest, weight * highest)
      }
      let slope = slopes?[channel] ?? 1
      let ends = [low, high].map { $0 < 0 ? $0 * slope : $0 }
      // Behind a negative slope the largest output is one of the ends, the smallest 0 between them.
      let inner: Float = slope < 0 && low < 0 && high > 0 ? 0 : ends[0]
      return min(ends[0], ends[1], inner)...max(ends[0], ends[1], inner)
    }
  }
}
