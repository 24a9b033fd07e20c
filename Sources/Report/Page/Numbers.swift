import FaceqSupport
import QuantRuntime

func decimal(_ value: Double, _ digits: Int) -> String { formatDecimal(value, fractionDigits: digits) }

/// As the commands print it.
func cosineText(_ cosine: Float) -> String { formatDecimal(Double(cosine), fractionDigits: 6) }

func percentText(_ share: Double) -> String { decimal(share * 100, share > 0 && share < 0.1 ? 1 : 0) + " %" }

/// A loss of 0.0019 as `1.90`: thousandths of a cosine.
func thousandths(_ loss: Double) -> String { decimal(loss * 1000, 2) }

func significant(_ value: Double) -> String { formatSignificant(value, digits: 2) }

func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// RFC 4648.
func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
    for digit in 0..<4 {
      text.append(digit <= group.count ? alphabet[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}
