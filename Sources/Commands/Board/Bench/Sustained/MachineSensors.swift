import FaceqSupport

/// The processor's temperature and clock, as far as Linux tells them.
package struct MachineSensors: Sendable {
  private let folder: SystemFolder
  /// The thermal zones to ask.
  private let zones: [String]
  private let coreClasses: [CoreList]

  /// - Parameters:
  ///   - folder: holds what `/sys` holds.
  ///   - coreClasses: the cores whose clock is asked for, class by class.
  package init(_ folder: SystemFolder = .sys, coreClasses: [CoreList]) {
    self.folder = folder
    self.coreClasses = coreClasses
    let all = (0..<64).map { "class/thermal/thermal_zone\($0)" }
    let ofProcessor = all.filter { ["cpu-thermal", "cpu_thermal"].contains(folder.line($0 + "/type")) }
    zones = ofProcessor.isEmpty ? all.filter { folder.line($0 + "/temp") != nil } : ofProcessor
  }

  /// The temperature of the zone that Linux calls the processor's, else the highest of all zones, in degrees Celsius.
  package func temperature() -> Double? {
    zones.compactMap { folder.number($0 + "/temp") }.max().map { Double($0) / 1000 }
  }

  /// The mean clock of each class's cores, in MHz.
  package func megahertz() -> [Double?] {
    coreClasses.map { coreClass in
      mean(
        coreClass.cores.compactMap { folder.number("devices/system/cpu/cpu\($0)/cpufreq/scaling_cur_freq") }
          .map { Double($0) / 1000 })
    }
  }
}

/// The mean of `values`, nil where there are none.
func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
