import CSystem

/// Seconds on a clock that never goes back; only differences mean something.
public func monotonicSeconds() -> Double {
  var time = system_timespec()
  _ = system_clock_gettime(system_monotonic_clock, &time)
  return Double(time.seconds) + Double(time.nanoseconds) * 1e-9
}

/// Seconds that the processor has spent on this process, all threads together.
public func processorSeconds() -> Double {
  var time = system_timespec()
  _ = system_clock_gettime(system_process_cpu_clock, &time)
  return Double(time.seconds) + Double(time.nanoseconds) * 1e-9
}

/// The most memory this process has had resident so far, or nil where the system does not say.
///
/// Read from `VmHWM` in `/proc/self/status`: `getrusage` would count what the parent process had before `exec`.
public func peakMemoryBytes() -> Int? {
  guard let status = SystemFolder("/proc/self").bytes("status") else { return nil }
  for line in status.split(separator: UInt8(ascii: "\n")) where line.starts(with: "VmHWM:".utf8) {
    var kibibytes = 0
    for byte in line where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
      kibibytes = kibibytes * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return kibibytes * 1024
  }
  return nil
}
