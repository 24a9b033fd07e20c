import FaceqSupport

/// Cores that are about equally fast.
package struct CoreClass: Equatable, Sendable {
  package var cores: CoreList
  /// The most work that one of them does in a given time, where the machine's fastest core does 1024; nil where Linux
  /// does not say.
  package var capacity: Int?
  /// The highest clock of one of them; nil where Linux does not say.
  package var maximumMegahertz: Int?

  package init(cores: CoreList, capacity: Int?, maximumMegahertz: Int?) {
    self.cores = cores
    self.capacity = capacity
    self.maximumMegahertz = maximumMegahertz
  }
}

/// The cores that a process may run on, sorted by how fast they are: big and LITTLE.
public struct CoreTopology: Equatable, Sendable {
  /// The classes of cores, the fastest first; at least one.
  package let classes: [CoreClass]

  /// The topology of this machine's cores, as far as this process may use them.
  public init() { self.init(.sys, allowed: allowedCores()) }

  /// - Parameters:
  ///   - folder: holds what `/sys` holds. Cores that it says nothing useful about count as equal.
  ///   - allowed: the cores to sort, at least one.
  package init(_ folder: SystemFolder, allowed: CoreList) {
    let online = folder.line("devices/system/cpu/online").flatMap { CoreList($0) }
    let running = allowed.cores.filter { online?.cores.contains($0) ?? true }
    let cores = (running.isEmpty ? allowed.cores : running).map { number in
      let path = "devices/system/cpu/cpu\(number)"
      return Core(
        number: number, capacity: folder.number(path + "/cpu_capacity").flatMap { $0 > 0 ? $0 : nil },
        kilohertz: folder.number(path + "/cpufreq/cpuinfo_max_freq").flatMap { $0 > 0 ? $0 : nil })
    }
    // The clock alone hides most of what makes a core big, so small differences count more.
    if cores.allSatisfy({ $0.capacity != nil }) {
      classes = Self.group(cores, by: { $0.capacity ?? 0 }, similar: 2.0 / 3)
    } else if cores.allSatisfy({ $0.kilohertz != nil }) {
      classes = Self.group(cores, by: { $0.kilohertz ?? 0 }, similar: 0.9)
    } else {
      classes = Self.group(cores, by: { _ in 1 }, similar: 1)
    }
  }

  /// All cores, those of the fastest class first.
  var cores: [Int] { classes.flatMap { $0.cores.cores } }

  private struct Core {
    var number: Int
    var capacity: Int?
    var kilohertz: Int?
  }

  /// A class begins with the fastest core that is in none, and holds all that are at least `similar` times as fast.
  private static func group(_ cores: [Core], by speed: (Core) -> Int, similar: Double) -> [CoreClass] {
    var classes: [CoreClass] = []
    var rest = cores
    while let fastest = rest.map(speed).max() {
      let members = rest.filter { Double(speed($0)) >= Double(fastest) * similar }
      rest.removeAll { Double(speed($0)) >= Double(fastest) * similar }
      classes.append(
        CoreClass(
          cores: CoreList(members.map { $0.number }), capacity: members.compactMap { $0.capacity }.max(),
          maximumMegahertz: members.compactMap { $0.kilohertz }.max().map { $0 / 1000 }))
    }
    return classes
  }
}
