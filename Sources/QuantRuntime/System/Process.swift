import CSystem

/// Seconds on a clock that never goes back; only differences mean something.
public func monotonicSeconds() -> Double {
  var time = system_timespec()
  _ = system_clock_gettime(system_monotonic_clock, &time)
  return Double(time.seconds) + Double(time.nanoseconds) * 1e-9
}

/// Processors this process may run on, at least 1.
public func processorCount() -> Int {
  var mask = [UInt64](repeating: 0, count: 128)
  if system_sched_getaffinity(0, mask.count * 8, &mask) == 0 {
    return max(1, mask.reduce(0) { $0 + $1.nonzeroBitCount })
  }
  return max(1, system_online_processors())
}

/// The most memory this process has had resident so far, or nil where the system does not say.
///
/// Read from `VmHWM` in `/proc/self/status`: `getrusage` would count what the parent process had before `exec`.
public func peakMemoryBytes() -> Int? {
  let descriptor = system_open_reading("/proc/self/status")
  guard descriptor >= 0 else { return nil }
  defer { _ = close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: 8192)
  let count = read(descriptor, &buffer, buffer.count)
  guard count > 0 else { return nil }
  for line in buffer[..<count].split(separator: UInt8(ascii: "\n")) where line.starts(with: "VmHWM:".utf8) {
    var kibibytes = 0
    for byte in line where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
      kibibytes = kibibytes * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return kibibytes * 1024
  }
  return nil
}
