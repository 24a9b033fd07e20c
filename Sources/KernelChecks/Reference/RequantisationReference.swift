/// The requantisation, the definition: one integer addition (modulo 2³²), one conversion, one multiplication, and what
/// the output makes of the product.
struct RequantisationReference {
  /// The biases [output channel].
  var bias: [Int32]
  var positive: [Float]
  var negative: [Float]
  var zero: [Int8]

  /// A requantisation without an activation.
  var linear: RequantisationReference {
    RequantisationReference(bias: bias, positive: positive, negative: positive, zero: zero)
  }

  func scaled(_ sum: Int32, channel: Int) -> Float {
    let biased = sum &+ bias[channel]
    return Float(biased) * (biased < 0 ? negative[channel] : positive[channel])
  }

  func int8(_ sum: Int32, channel: Int) -> Int8 {
    Int8(clamping: roundedToEven(scaled(sum, channel: channel)) + Int(zero[channel]))
  }

  func int16(_ sum: Int32, channel: Int) -> Int16 {
    Int16(clamping: roundedToEven(scaled(sum, channel: channel)))
  }

  /// The output as int16 of magnitude up to `limit`, as a convolution of int16 reads it.
  func int16(_ sum: Int32, channel: Int, limit: Int) -> Int16 {
    Int16(min(max(roundedToEven(scaled(sum, channel: channel)), -limit), limit))
  }
}

/// The nearest integer, ties to the even one, limited to ±65,536: within what sums add, and beyond what an output can
/// hold.
func roundedToEven(_ value: Float) -> Int {
  Int(min(max(value, -65536), 65536).rounded(.toNearestOrEven))
}
