/// Scale and zero point of each channel of an int8 tensor: `x ≈ scale · (q − zero)`, q in −128…127.
package struct ActivationScales: Sendable, Equatable {
  package var scale: [Float]
  /// The byte that stands for 0, −128…127, for each channel.
  package var zero: [Int8]

  /// Ranges are widened to hold 0, which the border of a convolution needs exactly.
  package init(_ ranges: [ClosedRange<Float>]) {
    scale = []
    zero = []
    for range in ranges {
      let low = min(range.lowerBound, 0)
      let high = max(range.upperBound, 0)
      // A channel that is always 0 has any scale.
      let step = high > low ? (high - low) / 255 : 1
      scale.append(step)
      zero.append(Int8(clamping: Int((-128 - low / step).rounded(.toNearestOrEven))))
    }
  }
}

/// The largest magnitude of the int16 values that a convolution with so many weights for each output reads.
///
/// Sums must stay below 2³¹, so activations and weights share some 30 bits less those of the `n` products in a sum:
/// with values up to L, the weights' mean magnitude is 2³⁰ / (n · L) at most. Both round by the same share of their
/// spread where L² ≈ 10 · 2³⁰ / n, as the largest value is some ten times their standard deviation.
func largestInt16Input(weightsPerOutput: Int) -> Int {
  min(32767, Int((10 * 1_073_741_824 / Float(weightsPerOutput)).squareRoot()))
}

/// Scale of each channel of an int16 tensor without zero point: twice the largest magnitude seen still fits.
func int16Scales(_ magnitudes: [Float]) -> [Float] {
  magnitudes.map { $0 > 0 ? $0 * 2 / 32767 : 1 }
}
