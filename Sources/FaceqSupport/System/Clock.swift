import CSystem

/// Seconds on a clock that never goes back; only differences mean something.
public func monotonicSeconds() -> Double {
  var time = system_timespec()
  _ = system_clock_gettime(system_monotonic_clock, &time)
  return Double(time.seconds) + Double(time.nanoseconds) * 1e-9
}

/// Seconds that the processor has spent on this process, all threads together.
package func processorSeconds() -> Double {
  var time = system_timespec()
  _ = system_clock_gettime(system_process_cpu_clock, &time)
  return Double(time.seconds) + Double(time.nanoseconds) * 1e-9
}

/// Seconds since 1970 by the system's clock, which may be set.
package func wallClockSeconds() -> Double {
  var time = system_timespec()
  _ = system_clock_gettime(system_realtime_clock, &time)
  return Double(time.seconds) + Double(time.nanoseconds) * 1e-9
}

/// Whole seconds since 1970 (UTC), as the machine's clock has them.
package func secondsSince1970() -> Int {
  Int(wallClockSeconds())
}
