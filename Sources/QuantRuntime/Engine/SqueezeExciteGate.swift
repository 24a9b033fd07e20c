/// Squeeze-and-excitation between the channel means and the gates: float, in one stated order of operations, so that
/// every machine gets the same bits. No operation is fused.
struct SqueezeExciteGate {
  /// Means [channel], padded to 16.
  let means: UnsafeMutablePointer<Float>
  let channels: Int
  /// Scratch of `hidden` values.
  let hiddenValues: UnsafeMutablePointer<Float>
  /// Padded to 16.
  let hidden: Int
  /// [hidden][channel] and [channel][hidden].
  let reduce: UnsafePointer<Float>
  let expand: UnsafePointer<Float>
  /// Multiplied onto the sigmoid, per channel.
  let factor: UnsafePointer<Float>
  let gate: UnsafeMutablePointer<Float>

  func run() {
    for row in 0..<hidden {
      hiddenValues[row] = max(dotProduct(reduce + row * channels, means, count: channels), 0)
    }
    for channel in 0..<channels {
      gate[channel] = sigmoid(dotProduct(expand + channel * hidden, hiddenValues, count: hidden)) * factor[channel]
    }
  }
}

/// Sum of products in the stated order: lane `l` of 16 adds up the products `l`, `l + 16`, … one after the other; then the
/// upper half of the lanes is added to the lower one, four times.
///
/// `count` is a multiple of 16.
func dotProduct(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
  var lanes = SIMD16<Float>()
  var index = 0
  while index < count {
    let x = UnsafeRawPointer(a + index).loadUnaligned(as: SIMD16<Float>.self)
    let y = UnsafeRawPointer(b + index).loadUnaligned(as: SIMD16<Float>.self)
    lanes += x * y
    index += 16
  }
  let eight = lanes.lowHalf + lanes.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// `1 / (1 + exp(−x))` with a stated exponential: |error| below 2·10⁻⁷, and the same bits everywhere.
///
/// exp(y) = 2ⁿ · p(y − n·ln 2), n = y / ln 2 rounded, p the Taylor polynomial of degree 6 in Horner form, whose remainder on
/// |r| ≤ ln 2 / 2 is below 1.3·10⁻⁷. ln 2 is subtracted in two parts (Cody and Waite), the first exact in 9 bits.
public func sigmoid(_ x: Float) -> Float {
  let y = min(max(-x, -60), 60)
  let n = (y * 1.442_695).rounded(.toNearestOrEven)
  let r = (y - n * 0.693_359_4) - n * -0.000_212_194_44
  var p: Float = 1 / 720
  p = p * r + 1 / 120
  p = p * r + 1 / 24
  p = p * r + 1 / 6
  p = p * r + 0.5
  p = p * r + 1
  p = p * r + 1
  let power = Float(bitPattern: UInt32(Int32(n) + 127) << 23)
  return 1 / (1 + p * power)
}

/// Divides by the Euclidean norm, the squares summed in `dotProduct`'s order. A vector of zeros stays as it is.
///
/// `count` is a multiple of 16, padded with zeros.
func normalise(_ vector: UnsafeMutablePointer<Float>, count: Int) {
  let norm = dotProduct(vector, vector, count: count).squareRoot()
  guard norm > 0 else { return }
  for index in 0..<count { vector[index] /= norm }
}
