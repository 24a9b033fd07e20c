/// A position-dependent checksum at memory speed, after Fletcher (1982): it finds every changed bit and every exchanged
/// word; it is no protection against someone who wants to deceive.
///
/// The bytes, padded with zeros to a multiple of 4, are little-endian words w₀ … wₙ₋₁. Then `sum` = Σ wᵢ and
/// `sumOfSums` = Σ (w₀ + … + wᵢ), both modulo 2⁶⁴. In numpy:
///
///     w = numpy.frombuffer(data + bytes(-len(data) % 4), "<u4").astype("u8")
///     total, sum_of_sums = w.sum(), w.cumsum().sum()
package struct FletcherChecksum: Sendable, Equatable {
  package private(set) var sum: UInt64 = 0
  package private(set) var sumOfSums: UInt64 = 0

  package init(sum: UInt64, sumOfSums: UInt64) {
    self.sum = sum
    self.sumOfSums = sumOfSums
  }

  /// 32 hexadecimal digits: `sum` · φ and `sumOfSums` · φ (mod 2⁶⁴), most significant digit first. φ =
  /// 0x9e3779b97f4a7c15 spreads small sums over all digits, so that a prefix is a short name.
  package var digest: String {
    let spread: UInt64 = 0x9e37_79b9_7f4a_7c15
    return hexadecimal(sum &* spread) + hexadecimal(sumOfSums &* spread)
  }

  /// The checksum of all `bytes`.
  package init(_ bytes: UnsafeRawBufferPointer) {
    let blocks = bytes.count / 32
    addBlocks(bytes, count: blocks)
    var offset = blocks * 32
    while offset < bytes.count {
      add(word(bytes, at: offset))
      offset += 4
    }
  }

  /// The checksum of all `bytes`, those of `zeroed` taken as zero.
  init(_ bytes: UnsafeRawBufferPointer, zeroed: Range<Int>) {
    self.init(bytes)
    // Both sums are linear in the bytes: what these contributed is taken out again.
    let words = UInt64((bytes.count + 3) / 4)
    for offset in zeroed {
      let value = UInt64(bytes[offset]) &<< UInt64(offset % 4 * 8)
      sum &-= value
      sumOfSums &-= value &* (words - UInt64(offset / 4))
    }
  }

  private mutating func add(_ word: UInt32) {
    sum &+= UInt64(word)
    sumOfSums &+= sum
  }

  /// Adds the first `count` blocks of 8 words, each lane with sums of its own: word 8k + l counts (count − k) times in
  /// `laneSumsOfSums[l]`, but 8 · (count − k) − l times in the sum of sums of all.
  private mutating func addBlocks(_ bytes: UnsafeRawBufferPointer, count: Int) {
    guard count > 0, let start = bytes.baseAddress else { return }
    var laneSums = SIMD8<UInt64>()
    var laneSumsOfSums = SIMD8<UInt64>()
    for block in 0..<count {
      let words = (start + block &* 32).loadUnaligned(as: SIMD8<UInt32>.self)
      laneSums &+= SIMD8<UInt64>(truncatingIfNeeded: words)
      laneSumsOfSums &+= laneSums
    }
    for lane in 0..<8 {
      sum &+= laneSums[lane]
      sumOfSums &+= laneSumsOfSums[lane] &* 8 &- laneSums[lane] &* UInt64(lane)
    }
  }
}

/// The word at `offset`, with zeros after the end.
private func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
  var word: UInt32 = 0
  for index in offset..<min(offset + 4, bytes.count) {
    word |= UInt32(bytes[index]) &<< UInt32((index - offset) * 8)
  }
  return word
}
