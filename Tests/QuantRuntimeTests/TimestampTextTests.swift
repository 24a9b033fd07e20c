import FaceqSupport
import Foundation
import Testing

struct TimestampTextTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (951_782_400.5, "2000-02-29T00:00:00.500Z"),
    (-0.001, "1969-12-31T23:59:59.999Z"), (4_107_542_399, "2100-02-28T23:59:59.000Z"),
    (4_107_542_400, "2100-03-01T00:00:00.000Z"), (1e300, "9999-12-31T23:59:59.000Z"),
  ])
  func momentsAreWrittenInUTC(seconds: Double, text: String) { #expect(timestampText(seconds) == text) }

  @Test func everyDayOfFourHundredYearsIsFoundationsOwn() {
    let formatter = ISO8601DateFormatter()
    for day in stride(from: -60_000, to: 90_000, by: 7) {
      let seconds = Double(day) * 86_400 + 45_296
      let text = formatter.string(from: Date(timeIntervalSince1970: seconds)).dropLast()
      #expect(timestampText(seconds) == text + ".000Z")
    }
  }
}
