/// Scale and zero point of each channel of an int8 tensor: `x ≈ scale · (q − zero)`, q in −128…127.
public struct ActivationScales: Sendable, Equatable {
  public var scale: [Float]
  /// −128…127.
  public var zero: [Int8]

  /// Ranges are widened to hold 0, which the border of a convolution needs exactly.
  public init(_ ranges: [ClosedRange<Float>]) {
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

/// Scale of each channel of an int16 tensor without zero point: twice the largest magnitude seen still fits.
func int16Scales(_ magnitudes: [Float]) -> [Float] {
  magnitudes.map { $0 > 0 ? $0 * 2 / 32767 : 1 }
}
