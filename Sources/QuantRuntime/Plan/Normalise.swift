/// Divides by the Euclidean norm, the squares summed in a stated order: lane `l` of 16 adds up the squares `l`, `l +
/// 16`, … one after the other; then the upper half of the lanes is added to the lower one, four times. A vector of
/// zeros stays as it is.
///
/// `count` is a multiple of 16, padded with zeros.
func normalise(_ vector: UnsafeMutablePointer<Float>, count: Int) {
  var lanes = SIMD16<Float>()
  for index in stride(from: 0, to: count, by: 16) {
    let x = UnsafeRawPointer(vector + index).loadUnaligned(as: SIMD16<Float>.self)
    lanes += x * x
  }
  let eight = lanes.lowHalf + lanes.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  let norm = (two.x + two.y).squareRoot()
  guard norm > 0 else { return }
  for index in 0..<count { vector[index] /= norm }
}
