/// The most memory this process has had resident so far, or nil where the system does not say.
///
/// Read from `VmHWM` in `/proc/self/status`: `getrusage` would count what the parent process had before `exec`.
package func peakMemoryBytes() -> Int? {
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
