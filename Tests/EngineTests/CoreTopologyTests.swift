import FaceqSupport
import QuantRuntime
import Testing

struct CoreTopologyTests {
  private func classes(_ files: [String: String], allowed: ClosedRange<Int>) throws -> [String] {
    try topology(files, allowed: allowed).classes.map { $0.cores.text }
  }

  @Test func equalCores() throws {
    let found = try topology(MadeUpCores.raspberryPi4, allowed: 0...3)
    #expect(found.classes == [CoreClass(cores: CoreList(0...3), capacity: 1024, maximumMegahertz: 1800)])
  }

  @Test func bigClustersOfDifferentClocksAreOneClass() throws {
    let found = try topology(MadeUpCores.rk3588, allowed: 0...7)
    #expect(
      found.classes == [
        CoreClass(cores: CoreList(4...7), capacity: 1024, maximumMegahertz: 2400),
        CoreClass(cores: CoreList(0...3), capacity: 530, maximumMegahertz: 1800),
      ])
  }

  @Test func clocksWhereThereAreNoCapacities() throws {
    #expect(try classes(MadeUpCores.rk3399, allowed: 0...5) == ["4-5", "0-3"])
  }

  @Test func threeClasses() throws {
    let files = MadeUpCores.files([(250, nil), (250, nil), (500, nil), (500, nil), (1024, nil)])
    #expect(try classes(files, allowed: 0...4) == ["4", "2-3", "0-1"])
  }

  @Test func onlyAllowedCoresCount() throws {
    #expect(try classes(MadeUpCores.rk3588, allowed: 2...5) == ["4-5", "2-3"])
    #expect(try classes(MadeUpCores.rk3588, allowed: 0...1) == ["0-1"])
  }

  @Test func coresThatAreOffline() throws {
    var files = MadeUpCores.rk3588
    files["devices/system/cpu/online"] = "0-5,7\n"
    #expect(try classes(files, allowed: 0...7) == ["4-5,7", "0-3"])
  }

  @Test func oneCapacityMissing() throws {
    var files = MadeUpCores.rk3588
    files["devices/system/cpu/cpu2/cpu_capacity"] = nil
    #expect(try classes(files, allowed: 0...7) == ["4-7", "0-3"])
    files["devices/system/cpu/cpu3/cpufreq/cpuinfo_max_freq"] = nil
    #expect(try classes(files, allowed: 0...7) == ["0-7"])
  }

  @Test(arguments: ["", "\n", "fast\n", "-5\n", "0\n", "99999999999999999999\n", "1e3\n", "\u{0}\u{ff}"])
  func nonsense(text: String) throws {
    var files: [String: String] = [:]
    for core in 0..<4 {
      files["devices/system/cpu/cpu\(core)/cpu_capacity"] = text
      files["devices/system/cpu/cpu\(core)/cpufreq/cpuinfo_max_freq"] = text
    }
    let found = try topology(files, allowed: 0...3)
    #expect(found.classes == [CoreClass(cores: CoreList(0...3), capacity: nil, maximumMegahertz: nil)])
  }

  @Test(arguments: ["", "all\n", "3-1\n", "17\n"])
  func nonsenseAboutWhatIsOnline(text: String) throws {
    var files = MadeUpCores.rk3588
    files["devices/system/cpu/online"] = text
    #expect(try classes(files, allowed: 0...7) == ["4-7", "0-3"])
  }

  @Test func nothingAtAll() throws {
    #expect(try classes([:], allowed: 3...3) == ["3"])
    #expect(CoreTopology(SystemFolder("/none"), allowed: CoreList([1, 5])).classes.map { $0.cores.text } == ["1,5"])
  }

  @Test func thisMachine() {
    let cores = CoreTopology().classes.flatMap { $0.cores.cores }
    #expect(CoreList(cores) == allowedCores() && cores.count == processorCount())
  }
}

struct CoreListTests {
  @Test(arguments: ["0", "4-7", "0,2-3,8", "8191"])
  func roundTrip(text: String) { #expect(CoreList(text)?.text == text) }

  @Test func order() {
    #expect(CoreList("5,0-1,2")?.cores == [0, 1, 2, 5])
    #expect(CoreList([3, 1, 2, 1]).text == "1-3")
    #expect(CoreList([Int]()).text == "")
  }

  @Test(arguments: [
    "", ",", "1,", "-", "1-", "-1", "3-1", "1-2-3", "a", "1 ", " 1", "+1", "0x1", "1,1", "0-3,2", "8192", "99999",
    "0-18446744073709551615", "0-7:2/4", "½", "0-8191,0-8191",
  ])
  func nonsense(text: String) { #expect(CoreList(text) == nil) }
}
