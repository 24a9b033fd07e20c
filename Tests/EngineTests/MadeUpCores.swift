import FaceqSupport
import QuantRuntime
import TestSupport

/// Files under /sys as boards have them.
enum MadeUpCores {
  static let raspberryPi4 = files(Array(repeating: (1024, 1_800_000), count: 4))

  /// 4 A55, and 4 A76 whose clusters reach slightly different clocks.
  static let rk3588 = files(
    Array(repeating: (530, 1_800_000), count: 4) + [
      (976, 2_256_000), (976, 2_256_000), (1024, 2_400_000), (1024, 2_400_000),
    ])

  /// 4 A53 and 2 A72, from an old kernel that knows no capacities.
  static let rk3399 = files(Array(repeating: (nil, 1_416_000), count: 4) + Array(repeating: (nil, 1_800_000), count: 2))

  static func files(_ cores: [(capacity: Int?, kilohertz: Int?)]) -> [String: String] {
    var files = ["devices/system/cpu/online": "0-\(cores.count - 1)\n"]
    for (number, core) in cores.enumerated() {
      let path = "devices/system/cpu/cpu\(number)/"
      if let capacity = core.capacity { files[path + "cpu_capacity"] = "\(capacity)\n" }
      if let kilohertz = core.kilohertz { files[path + "cpufreq/cpuinfo_max_freq"] = "\(kilohertz)\n" }
    }
    return files
  }
}

/// The topology that these files describe.
func topology(_ files: [String: String], allowed: ClosedRange<Int>) throws -> CoreTopology {
  let folder = try TemporaryFolder()
  try folder.write(files)
  return withExtendedLifetime(folder) { CoreTopology(SystemFolder(folder.path), allowed: CoreList(allowed)) }
}
