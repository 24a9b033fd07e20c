import FaceqSupport
import Foundation
import Testing

struct NumberTextTests {
  @Test(
    arguments: [
      (0, 2, "0.00"), (-0.0, 0, "0"), (-0.001, 2, "0.00"), (1, 0, "1"), (-1.5, 1, "-1.5"), (0.999, 2, "1.00"),
      (99.995, 2, "100.00"), (9.5, 0, "10"), (0.5, 0, "0"), (1.5, 0, "2"), (2.5, 0, "2"), (0.125, 2, "0.12"),
      (0.375, 2, "0.38"), (1.005, 2, "1.00"), (0.1, 20, "0.10000000000000000555"), (123_456.789, 1, "123456.8"),
      (999_999_999_999_999.9, 1, "999999999999999.9"), (1e22, 0, "10000000000000000000000"),
      (.leastNonzeroMagnitude, 3, "0.000"),
      (.infinity, 1, "inf"), (-.infinity, 1, "-inf"), (.nan, 1, "nan"),
    ] as [(Double, Int, String)])
  func decimal(value: Double, fractionDigits: Int, text: String) {
    #expect(formatDecimal(value, fractionDigits: fractionDigits) == text)
  }

  @Test(
    arguments: [
      (0, 3, "0"), (1, 3, "1"), (-1234.5, 3, "-1.23e+03"), (1234.5, 4, "1234"), (1235.5, 4, "1236"),
      (0.0001, 3, "0.0001"),
      (0.00001, 3, "1e-05"), (999.96, 4, "1000"), (9999.96, 4, "1e+04"), (0.1, 17, "0.10000000000000001"),
      (1e300, 3, "1e+300"), (.leastNonzeroMagnitude, 5, "4.9407e-324"), (100, 1, "1e+02"), (100, 3, "100"),
      (Double(Float(0.1)), 9, "0.100000001"),
    ] as [(Double, Int, String)])
  func significant(value: Double, digits: Int, text: String) {
    #expect(formatSignificant(value, digits: digits) == text)
  }

  @Test func agreesWithCOnRandomNumbers() {
    var generator = SplitMix64(state: 1)
    for _ in 0..<3000 {
      let bits = Double(bitPattern: generator.next())
      guard bits.isFinite else { continue }
      for digits in [1, 3, 9, 17] {
        #expect(formatSignificant(bits, digits: digits) == String(format: "%.\(digits)g", bits))
      }
      let everyday = Double.random(in: -1e6...1e6, using: &generator)
      for digits in [0, 1, 4, 12] {
        let text = formatDecimal(everyday, fractionDigits: digits)
        #expect(text == String(format: "%.\(digits)f", everyday))
      }
    }
  }

  @Test func nineDigitsIdentifyAFloat() {
    var generator = SplitMix64(state: 2)
    for _ in 0..<3000 {
      let number = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      guard number.isFinite else { continue }
      #expect(Float(formatSignificant(Double(number), digits: 9)) == number)
    }
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-123_456, "-123,456"), (43_797_696, "43,797,696"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func grouped(number: Int, text: String) {
    #expect(groupedDigits(number) == text)
  }

  @Test func hexadecimalDigits() {
    #expect(hexadecimal([0x00, 0x0f, 0xa5, 0xff] as [UInt8]) == "000fa5ff")
    #expect(hexadecimal(0x0123_4567_89ab_cdef as UInt64) == "0123456789abcdef")
    #expect(hexadecimal(1 as UInt64) == "0000000000000001")
  }
}
