extension IntegerConvolution {
  /// Whether no output is below 0: ReLU.
  var isRectified: Bool {
    (0..<positive.count).allSatisfy { positive[$0] >= 0 && negative[$0] == 0 }
  }

  /// Whether one number for each channel requantises all sums. Without an activation it does; with ReLU it does where
  /// clamping makes 0 of everything below.
  /// - Parameter zeroIsLowest: whether nothing that is stored of a channel is below its 0.
  func isLinear(_ zeroIsLowest: (Int) -> Bool) -> Bool {
    (0..<positive.count).allSatisfy { channel in
      let (positive, negative) = (positive[channel], negative[channel])
      return positive == negative || positive >= 0 && negative == 0 && zeroIsLowest(channel)
    }
  }
}
