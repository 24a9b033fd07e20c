/// The exact decimal digits of a finite number: |value| = 0.d₁d₂d₃… · 10^`exponent`.
///
/// Every double is a whole number times a power of two or of one half, so its expansion ends, and rounding it is exact.
struct DecimalExpansion {
  /// The digits, most significant first, without leading zeros; empty for zero.
  private(set) var digits: [UInt8]
  private(set) var exponent: Int

  init(magnitudeOf value: Double) {
    guard value != 0 else {
      digits = []
      exponent = 0
      return
    }
    // |value| = significand · 2^power
    let isNormal = value.exponentBitPattern > 0
    var significand = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
    var power = Int(isNormal ? value.exponentBitPattern : 1) - 1075
    let spare = min(significand.trailingZeroBitCount, max(0, -power))
    significand >>= UInt64(spare)
    power += spare

    // significand · 2^power, and for a negative power n = −power: significand · 5ⁿ / 10ⁿ.
    var whole = BillionDigits(significand)
    whole.multiply(by: power < 0 ? 5 : 2, times: abs(power))
    digits = whole.decimalDigits
    exponent = digits.count + min(power, 0)
  }

  /// Rounds to the first `count` digits, to the nearest, ties to even.
  mutating func round(toDigits count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      return
    }
    let last = count > 0 ? digits[count - 1] : 0
    let next = digits[count]
    let isTie = next == 5 && digits[(count + 1)...].allSatisfy { $0 == 0 }
    digits.removeLast(digits.count - count)
    if isTie ? last % 2 == 1 : next >= 5 { increment() }
  }

  /// Adds one unit of the last digit.
  private mutating func increment() {
    for index in digits.indices.reversed() {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
    exponent += 1
  }

  /// The digit worth 10^`power`.
  func digit(worth power: Int) -> UInt8 {
    let index = exponent - 1 - power
    return digits.indices.contains(index) ? digits[index] : 0
  }
}

/// A natural number in base 10⁹, least significant first.
private struct BillionDigits {
  private static let base: UInt64 = 1_000_000_000
  private var limbs: [UInt32] = []

  init(_ number: UInt64) {
    var rest = number
    while rest > 0 {
      limbs.append(UInt32(rest % Self.base))
      rest /= Self.base
    }
  }

  /// Multiplies by `factor` to the power `times`; several factors at once, as far as they fit into 32 bits.
  mutating func multiply(by factor: UInt64, times: Int) {
    var remaining = times
    while remaining > 0 {
      var step: UInt64 = 1
      while remaining > 0, step * factor <= UInt64(UInt32.max) {
        step *= factor
        remaining -= 1
      }
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = UInt64(limbs[index]) * step + carry
        limbs[index] = UInt32(product % Self.base)
        carry = product / Self.base
      }
      while carry > 0 {
        limbs.append(UInt32(carry % Self.base))
        carry /= Self.base
      }
    }
  }

  /// The decimal digits, most significant first, without leading zeros.
  var decimalDigits: [UInt8] {
    var digits: [UInt8] = []
    for limb in limbs {
      var rest = limb
      for _ in 0..<9 {
        digits.append(UInt8(rest % 10))
        rest /= 10
      }
    }
    while digits.last == 0 { digits.removeLast() }
    digits.reverse()
    return digits
  }
}
