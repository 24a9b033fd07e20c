import QuantRuntime

// Float arithmetic with one stated order of operations, none of them fused: what is left of it in an int8 network.

/// The nearest integer, ties to the even one, limited to ±65,536, which is more than any form holds.
func roundedToEven(_ value: Float) -> Int { Int(min(max(value, -65536), 65536).rounded(.toNearestOrEven)) }

/// The dot product of a matrix's row with a vector of a multiple of 16 values: 16 lanes of partial sums, then the upper
/// half of the lanes is added to the lower one, four times.
func dotProduct(_ matrix: Tensor<Float>, row: Int, _ vector: [Float]) -> Float {
  lanesSum(vector.count) { matrix[row * vector.count + $0] * vector[$0] }
}

/// Divided by the Euclidean norm, the squares summed as those of a dot product; zeros stay as they are.
func normalised(_ vector: Plane<Float>) -> Plane<Float> {
  let norm = lanesSum(vector.values.count) { vector.values[$0] * vector.values[$0] }.squareRoot()
  return norm > 0 ? vector.map { value, _ in value / norm } : vector
}

private func lanesSum(_ count: Int, _ product: (Int) -> Float) -> Float {
  var lanes = [Float](repeating: 0, count: 16)
  for index in 0..<count {
    let product = product(index)
    lanes[index % 16] += product
  }
  for half in [8, 4, 2, 1] {
    for lane in 0..<half { lanes[lane] += lanes[lane + half] }
  }
  return lanes[0]
}

/// `1 / (1 + exp(−x))` as the kernels define it.
func sigmoid(_ x: Float) -> Float {
  let y = min(max(-x, -60), 60)
  let n = (y * 1.442_695).rounded(.toNearestOrEven)
  let (high, low) = (n * 0.693_359_4, n * -0.000_212_194_44)
  let r = (y - high) - low
  var p: Float = 1 / 720
  for coefficient: Float in [1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1] {
    let product = p * r
    p = product + coefficient
  }
  let power = Float(bitPattern: UInt32(Int32(n) + 127) << 23)
  return 1 / (1 + p * power)
}
