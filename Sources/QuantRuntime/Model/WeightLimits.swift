/// Whether any of `weights` is −128.
func holdsMinus128(_ weights: Tensor<Int8>) -> Bool {
  let bytes = weights.bytes
  guard let start = bytes.baseAddress else { return false }
  // With the top bits flipped −128 is a byte of 0. Subtracting 1 from each byte sets the top bit of such a one, where
  // it was not set before; a borrow comes only from a byte of 0 (Hacker's Delight, 6-1).
  let ones = SIMD4<UInt64>(repeating: 0x0101_0101_0101_0101)
  let tops = ones &<< SIMD4(repeating: 7)
  var found = SIMD4<UInt64>()
  for block in 0..<bytes.count / 32 {
    let words = (start + block &* 32).loadUnaligned(as: SIMD4<UInt64>.self) ^ tops
    found |= (words &- ones) & ~words & tops
  }
  return (found[0] | found[1] | found[2] | found[3]) != 0
    || bytes[(bytes.count / 32 * 32)...].contains(128)
}

extension PackedWeights {
  /// Whether Σ|weight| · largest input + |bias| stays below 2³¹ for every output channel of an int16 layer; int8 ones
  /// are too small to ask.
  func sumsFit(bias: Tensor<Int32>, _ order: WeightOrder) -> Bool {
    let (magnitudes, largestInput): ([Int], Int)
    switch self {
    case .int8, .depthwise, .grouped: return true
    case .int16(let weights, let largest): (magnitudes, largestInput) = (denseMagnitudes(weights, bias.count), largest)
    case .depthwiseInt16(let weights, let largest):
      (magnitudes, largestInput) = (depthwiseMagnitudes(weights, bias.count), largest)
    case .groupedInt16(let weights, let largest):
      (magnitudes, largestInput) = (order.magnitudes(weights, bias.count), largest)
    }
    return magnitudes.indices.allSatisfy { magnitudes[$0] * largestInput + abs(Int(bias[$0])) < 1 << 31 }
  }
}

/// Σ|weight| of each output channel of weights [block of 16 outputs][step][16 outputs][2 inputs].
private func denseMagnitudes(_ weights: Tensor<Int16>, _ outputs: Int) -> [Int] {
  var magnitudes = [Int](repeating: 0, count: outputs)
  let steps = weights.count / (outputs * 2)
  // 16,384 steps of two weights up to 2¹⁵ fit 31 bits.
  let longest = 16384
  for block in 0..<outputs / 16 {
    for first in stride(from: 0, to: steps, by: longest) {
      var sums = SIMD16<Int32>()
      var step = UnsafeRawPointer(weights.base + (block * steps + first) * 32)
      for _ in 0..<min(longest, steps - first) {
        let pairs = step.loadUnaligned(as: SIMD16<Int32>.self)
        sums &+= magnitude((pairs &<< SIMD16(repeating: 16)) &>> SIMD16(repeating: 16))
        sums &+= magnitude(pairs &>> SIMD16(repeating: 16))
        step += 64
      }
      for lane in 0..<16 { magnitudes[block * 16 + lane] += Int(sums[lane]) }
    }
  }
  return magnitudes
}

private func magnitude(_ x: SIMD16<Int32>) -> SIMD16<Int32> {
  let sign = x &>> SIMD16(repeating: 31)
  return (x ^ sign) &- sign
}

/// Σ|weight| of each channel of weights [position][channel].
private func depthwiseMagnitudes(_ weights: Tensor<Int16>, _ channels: Int) -> [Int] {
  var magnitudes = [Int](repeating: 0, count: channels)
  for index in 0..<weights.count { magnitudes[index % channels] += abs(Int(weights[index])) }
  return magnitudes
}

extension WeightOrder {
  /// Σ|weight| of each output channel, up to `count` of them.
  fileprivate func magnitudes(_ weights: Tensor<Int16>, _ count: Int) -> [Int] {
    var magnitudes = [Int](repeating: 0, count: count)
    forEachOffset { output, offset in magnitudes[output] += abs(Int(weights[offset])) }
    return magnitudes
  }
}
