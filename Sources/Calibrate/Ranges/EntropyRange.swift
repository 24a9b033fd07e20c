import Glibc

/// The range whose int8 values tell most about the channel's: the smallest Kullback-Leibler divergence between the
/// histogram, clipped to the range, and what 255 equal steps keep of it (Migacz, 8-bit Inference with TensorRT, 2017;
/// here for both ends of the range).
package struct EntropyRange: RangeSearch {
  /// So many positions are tried between 0 and each of the histogram's extremes.
  private let candidates = 16
  private static let steps = 255

  package init() {}

  package var name: String { "entropy" }
  package var clip: Double? { nil }

  package func range(of histogram: ChannelHistogram) -> ClosedRange<Float> {
    let bins = histogram.bins.map { Double($0) }
    let zero = histogram.binWidth > 0 ? Int(-histogram.minimum / histogram.binWidth) : 0
    // Zero stays inside, as it must for the border.
    let middle = min(max(zero, 0), bins.count)
    var best = (divergence: Double.infinity, low: 0, high: bins.count)
    for lowStep in 0..<candidates {
      let low = middle * lowStep / candidates
      for highStep in 0..<candidates {
        let high = bins.count - (bins.count - middle) * highStep / candidates
        guard high - low >= Self.steps else { continue }
        let divergence = divergence(bins, low..<high)
        if divergence < best.divergence { best = (divergence, low, high) }
      }
    }
    return histogram.minimum + Float(best.low) * histogram.binWidth...histogram.minimum
      + Float(best.high) * histogram.binWidth
  }

  /// Σ p·ln(p / q) with p the bins of the range, what is outside counted into the outermost, and q the mean of each
  /// step's occupied bins.
  private func divergence(_ bins: [Double], _ range: Range<Int>) -> Double {
    let total = bins.reduce(0, +)
    guard total > 0 else { return 0 }
    var inside = Array(bins[range])
    inside[0] += bins[..<range.lowerBound].reduce(0, +)
    inside[inside.count - 1] += bins[range.upperBound...].reduce(0, +)
    var divergence = 0.0
    for step in 0..<Self.steps {
      let group = step * range.count / Self.steps..<(step + 1) * range.count / Self.steps
      // The quantised values know nothing of what was clipped.
      let kept = group.reduce(0.0) { $0 + bins[range.lowerBound + $1] }
      let occupied = group.count { inside[$0] > 0 }
      guard occupied > 0 else { continue }
      let mean = max(kept / Double(occupied), 0.01)
      for index in group where inside[index] > 0 {
        divergence += inside[index] / total * log(inside[index] / mean)
      }
    }
    return divergence
  }
}
