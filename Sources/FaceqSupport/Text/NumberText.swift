/// `value` with `fractionDigits` digits after the point, rounded to the nearest, ties to even, as C's `%.nf` does: but
/// zero has no sign. "nan", "inf", "-inf" for what is not finite.
public func formatDecimal(_ value: Double, fractionDigits: Int) -> String {
  guard value.isFinite else { return notFiniteText(value) }
  var expansion = DecimalExpansion(magnitudeOf: value)
  expansion.round(toDigits: expansion.exponent + fractionDigits)
  var text: [UInt8] = value < 0 && !expansion.digits.isEmpty ? [UInt8(ascii: "-")] : []
  for power in stride(from: max(expansion.exponent - 1, 0), through: -fractionDigits, by: -1) {
    if power == -1 { text.append(UInt8(ascii: ".")) }
    text.append(UInt8(ascii: "0") + expansion.digit(worth: power))
  }
  return String(decoding: text, as: UTF8.self)
}

/// `value` with `digits` significant digits (at least 1), as C's `%.ng` writes it: trailing zeros dropped, with an
/// exponent below 10⁻⁴ and from 10^`digits` on; but zero has no sign. 9 digits identify a `Float`, 17 a `Double`.
package func formatSignificant(_ value: Double, digits: Int) -> String {
  guard value.isFinite else { return notFiniteText(value) }
  var expansion = DecimalExpansion(magnitudeOf: value)
  expansion.round(toDigits: digits)
  let significant = expansion.digits.lastIndex { $0 != 0 }.map { expansion.digits[...$0] } ?? []
  guard !significant.isEmpty else { return "0" }
  let sign = value < 0 ? "-" : ""
  let exponent = expansion.exponent - 1
  if exponent >= -4 && exponent < digits {
    let fractionDigits = max(0, significant.count - expansion.exponent)
    var text: [UInt8] = []
    for power in stride(from: max(exponent, 0), through: -fractionDigits, by: -1) {
      if power == -1 { text.append(UInt8(ascii: ".")) }
      text.append(UInt8(ascii: "0") + expansion.digit(worth: power))
    }
    return sign + String(decoding: text, as: UTF8.self)
  }
  var text: [UInt8] = []
  for (index, digit) in significant.enumerated() {
    if index == 1 { text.append(UInt8(ascii: ".")) }
    text.append(UInt8(ascii: "0") + digit)
  }
  let exponentText = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
  return sign + String(decoding: text, as: UTF8.self) + (exponent < 0 ? "e-" : "e+") + exponentText
}

/// A whole number with commas between groups of three digits: 43797696 → "43,797,696".
package func groupedDigits(_ number: Int) -> String {
  var text: [UInt8] = []
  for (index, digit) in String(number.magnitude).utf8.reversed().enumerated() {
    if index > 0 && index % 3 == 0 { text.append(UInt8(ascii: ",")) }
    text.append(digit)
  }
  if number < 0 { text.append(UInt8(ascii: "-")) }
  return String(decoding: text.reversed(), as: UTF8.self)
}

/// Two lower-case digits for each byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// 16 lower-case digits, most significant first.
package func hexadecimal(_ number: UInt64) -> String {
  withUnsafeBytes(of: number.bigEndian) { hexadecimal($0) }
}

private func notFiniteText(_ value: Double) -> String {
  value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
}
