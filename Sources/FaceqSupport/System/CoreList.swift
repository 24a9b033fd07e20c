import CSystem

/// Cores by their numbers, written as Linux writes them: `0-3,6`.
public struct CoreList: Equatable, Sendable {
  /// The numbers of the cores, ascending, each once.
  public let cores: [Int]

  public init(_ cores: some Sequence<Int>) {
    var ascending: [Int] = []
    for core in cores.sorted() where core != ascending.last { ascending.append(core) }
    self.cores = ascending
  }

  /// The cores in `text`; nil where that is anything but numbers and ranges with commas between them, or names a core
  /// twice.
  public init?(_ text: String) {
    var cores: [Int] = []
    for range in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let ends = range.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(coreNumber)
      guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first <= last else { return nil }
      cores.append(contentsOf: first...last)
      guard cores.count <= Int(system_core_limit) else { return nil }
    }
    self.init(cores)
    guard self.cores.count == cores.count else { return nil }
  }

  public var text: String {
    var ranges: [ClosedRange<Int>] = []
    for core in cores {
      if let last = ranges.last, last.upperBound == core - 1 {
        ranges[ranges.count - 1] = last.lowerBound...core
      } else {
        ranges.append(core...core)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
      separator: ",")
  }
}

private func coreNumber(_ digits: some Collection<UInt8>) -> Int? {
  guard !digits.isEmpty, digits.count <= 4 else { return nil }
  var number = 0
  for digit in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
    number = number * 10 + Int(digit - UInt8(ascii: "0"))
  }
  return number < Int(system_core_limit) ? number : nil
}
