internal import CSystem

extension HTTPLimits {
  /// These limits with no more connections than the process may have descriptors, which is as many as it may ask for.
  func fitting() -> HTTPLimits {
    var limit = system_limit()
    guard system_getrlimit(system_open_files, &limit) == 0 else { return self }
    // Besides: files, workers, libevent's own.
    let spare: UInt64 = 64
    let wanted = UInt64(connections) + spare
    if limit.current < wanted {
      limit.current = min(wanted, limit.most)
      _ = system_setrlimit(system_open_files, &limit)
    }
    var fitting = self
    fitting.connections = min(connections, Int(max(limit.current, spare + 1) - spare))
    return fitting
  }
}
