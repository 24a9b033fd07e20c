/// A time in RFC 3339's form, in UTC, to the millisecond: `2026-11-28T18:04:48.250Z`.
///
/// - Parameter seconds: since 1970, without leap seconds; from the years 0000 to 9999.
package func timestampText(_ seconds: Double) -> String {
  let milliseconds = Int((min(max(seconds, -62_167_219_200), 253_402_300_799) * 1000).rounded(.down))
  let (days, rest) = floorDivided(milliseconds, by: 86_400_000)
  let (year, month, day) = civilDate(days)
  let (second, millisecond) = (rest / 1000, rest % 1000)
  let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  let time = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
  return "\(date)T\(time).\(padded(millisecond, 3))Z"
}

/// The Gregorian date that is so many days after 1970-01-01.
///
/// Years are counted from March, so that a leap day is a year's last (H. Hinnant, "chrono-compatible low-level date
/// algorithms").
private func civilDate(_ days: Int) -> (year: Int, month: Int, day: Int) {
  let (era, dayOfEra) = floorDivided(days + 719_468, by: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
}

private func floorDivided(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
  let remainder = (value % divisor + divisor) % divisor
  return ((value - remainder) / divisor, remainder)
}

private func padded(_ number: Int, _ count: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
}
