/// The gates in the stated order of operations: see `SqueezeExciteGate`.
func squeezeExciteGates(
  means: [Float], reduce: [Float], expand: [Float], reduceBias: [Float]?, expandBias: [Float]?, factor: [Float],
  hidden: Int
) -> [Float] {
  let channels = means.count
  let values = (0..<hidden).map { row in
    let sum = dotProduct(Array(reduce[row * channels..<(row + 1) * channels]), means)
    return max(reduceBias.map { sum + $0[row] } ?? sum, 0)
  }
  return (0..<channels).map { channel in
    let sum = dotProduct(Array(expand[channel * hidden..<(channel + 1) * hidden]), values)
    return sigmoidReference(expandBias.map { sum + $0[channel] } ?? sum) * factor[channel]
  }
}

private func dotProduct(_ a: [Float], _ b: [Float]) -> Float {
  var lanes = [Float](repeating: 0, count: 16)
  for index in a.indices {
    let product = a[index] * b[index]
    lanes[index % 16] += product
  }
  for half in [8, 4, 2, 1] {
    for lane in 0..<half { lanes[lane] += lanes[lane + half] }
  }
  return lanes[0]
}

/// `1 / (1 + exp(−x))` in the stated order of operations.
func sigmoidReference(_ x: Float) -> Float {
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
