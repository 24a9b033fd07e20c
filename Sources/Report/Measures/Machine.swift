import CSystem

/// The processor's name, as Linux knows it, or nothing.
func processorName() -> String? {
  let descriptor = system_open_reading("/proc/cpuinfo")
  guard descriptor >= 0 else { return nil }
  defer { _ = close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: 4096)
  let count = read(descriptor, &buffer, buffer.count)
  guard count > 0 else { return nil }
  for line in buffer[..<count].split(separator: UInt8(ascii: "\n")) where line.starts(with: "model name".utf8) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    return String(decoding: line[colon...].dropFirst(2), as: UTF8.self)
  }
  return nil
}

/// The time in Greenwich: `2026-11-24 14:30`.
func currentTime() -> String {
  var time = system_timespec()
  _ = system_clock_gettime( /* CLOCK_REALTIME */0, &time)
  return utcText(secondsSince1970: Int(time.seconds))
}

/// Civil date from days since 1970 (Howard Hinnant, chrono-compatible low-level date algorithms).
package func utcText(secondsSince1970 seconds: Int) -> String {
  let days = seconds / 86400 + 719_468
  let era = days / 146_097
  let dayOfEra = days % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let minutes = seconds % 86400 / 60
  return
    "\(year)-\(two(month))-\(two(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)) \(two(minutes / 60)):\(two(minutes % 60))"
}
