/// The range with the smallest expected squared error: what clipping costs against what a finer step gains.
///
/// Error of a range [l, h] over the observed values: Σ (l − x)² below it, Σ (x − h)² above it, and step² / 12 for each
/// value inside, step = (h − l) / 255 (the variance of a uniform rounding error).
package struct MinimumErrorRange: RangeSearch {
  /// So many positions are tried between 0 and each of the histogram's extremes.
  private let candidates = 64

  package init() {}

  package var name: String { "error" }
  package var clip: Double? { nil }

  package func range(of histogram: ChannelHistogram) -> ClosedRange<Float> {
    let moments = PrefixMoments(histogram)
    // Zero stays inside, as it must for the border.
    let low = min(Double(histogram.minimum), 0)
    let high = max(Double(histogram.maximum), 0)
    var best = (error: Double.infinity, low: low, high: high)
    for lowStep in 0..<candidates {
      let l = low * Double(candidates - lowStep) / Double(candidates)
      let below = moments.squaredDistanceBelow(l)
      for highStep in 0..<candidates {
        let h = high * Double(candidates - highStep) / Double(candidates)
        let step = (h - l) / 255
        let error = below + moments.squaredDistanceAbove(h) + moments.count(from: l, to: h) * step * step / 12
        if error < best.error { best = (error, l, h) }
        if high == 0 { break }
      }
      if low == 0 { break }
    }
    return Float(best.low)...Float(best.high)
  }
}

/// Sums of 1, x and x² over the bins up to a position, x being a bin's middle.
private struct PrefixMoments {
  private let origin: Double
  private let width: Double
  private var counts: [Double] = [0]
  private var sums: [Double] = [0]
  private var squares: [Double] = [0]

  init(_ histogram: ChannelHistogram) {
    origin = Double(histogram.minimum)
    width = Double(histogram.binWidth)
    for (index, bin) in histogram.bins.enumerated() {
      let (count, x) = (Double(bin), origin + (Double(index) + 0.5) * width)
      counts.append(counts[index] + count)
      sums.append(sums[index] + count * x)
      squares.append(squares[index] + count * x * x)
    }
  }

  private func bin(_ x: Double) -> Int {
    width > 0 ? min(max(Int(((x - origin) / width).rounded(.down)), 0), counts.count - 1) : 0
  }

  func count(from low: Double, to high: Double) -> Double { counts[bin(high)] - counts[bin(low)] }

  func squaredDistanceBelow(_ limit: Double) -> Double {
    let index = bin(limit)
    return squares[index] - 2 * limit * sums[index] + limit * limit * counts[index]
  }

  func squaredDistanceAbove(_ limit: Double) -> Double {
    let (index, last) = (bin(limit), counts.count - 1)
    return squares[last] - squares[index] - 2 * limit * (sums[last] - sums[index])
      + limit * limit * (counts[last] - counts[index])
  }
}
