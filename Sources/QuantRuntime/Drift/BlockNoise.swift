/// How far a network's trunk is from its reference's behind every block: shows where down the network drift begins.
public struct BlockNoise: Sendable {
  private var signal: [Double]
  private var noise: [Double]

  public init(blocks: Int) {
    signal = [Double](repeating: 0, count: blocks)
    noise = signal
  }

  /// Takes in the trunk behind `block` for one image: as many values of the network as of its reference.
  public mutating func add(block: Int, reference: [Float], values: [Float]) {
    precondition(reference.count == values.count)
    for (wanted, value) in zip(reference, values) {
      let difference = Double(value) - Double(wanted)
      signal[block] += Double(wanted) * Double(wanted)
      noise[block] += difference * difference
    }
  }

  /// Signal-to-noise ratio per block, 10 · log₁₀(Σ reference² / Σ (value − reference)²) over all images; infinite where
  /// there is no difference.
  public var decibels: [Double] { zip(signal, noise).map { 10 * logarithm10($0 / $1) } }
}

/// log₁₀ of a ratio ≥ 0, to about 15 digits, without libm: a static board file need not link it.
///
/// ln(2ᵉ·m) = e·ln 2 + 2·artanh((m − 1)/(m + 1)), whose argument is at most ⅓.
private func logarithm10(_ ratio: Double) -> Double {
  guard ratio > 0, ratio.isFinite else { return ratio == 0 ? -.infinity : ratio }
  let quotient = (ratio.significand - 1) / (ratio.significand + 1)
  var (power, sum) = (quotient, 0.0)
  for exponent in stride(from: 1.0, through: 33, by: 2) {
    sum += power / exponent
    power *= quotient * quotient
  }
  let (naturalLogarithmOf2, naturalLogarithmOf10) = (0.693_147_180_559_945_3, 2.302_585_092_994_045_7)
  return (Double(ratio.exponent) * naturalLogarithmOf2 + 2 * sum) / naturalLogarithmOf10
}
