import FaceqSupport

/// How many threads share a session's work, and where they run.
public struct ThreadPlan: Equatable, Sendable, ExpressibleByIntegerLiteral {
  /// The most threads that a session may have.
  public static let limit = 256

  /// How many threads there are, the calling thread included; at least 1.
  public let count: Int
  /// The core that each thread is pinned to, the calling thread's first; nil where the system places them.
  public let cores: [Int]?
  /// Whether the pinned cores are not all of one class.
  package let mixed: Bool

  /// A plan with threads that the system places.
  public init(_ count: Int) {
    precondition(count >= 1)
    self.count = count
    cores = nil
    mixed = false
  }

  public init(integerLiteral count: Int) { self.init(count) }

  /// A plan with a thread for every core, or for each of the big ones where there are big and LITTLE cores.
  ///
  /// - Parameter threads: another number; the fastest cores come first. Where all cores are equal, or there are fewer
  ///   than threads, the system places them.
  /// - Throws: where the number is not possible.
  public init(threads: Int?, on topology: CoreTopology) throws(FaceqError) {
    if let threads, !(1...Self.limit).contains(threads) {
      throw FaceqError("cannot run on \(threads) threads, only on 1 to \(Self.limit)")
    }
    let count = min(threads ?? topology.classes[0].cores.cores.count, Self.limit)
    if topology.classes.count > 1, count <= topology.cores.count {
      self.init(pinnedTo: Array(topology.cores.prefix(count)), on: topology)
    } else {
      self.init(count)
    }
  }

  /// A plan with a thread for each of `cores`.
  ///
  /// - Throws: where this process may not run on one of them.
  public init(cores: CoreList, on topology: CoreTopology) throws(FaceqError) {
    let allowed = topology.cores
    if let missing = cores.cores.first(where: { !allowed.contains($0) }) {
      throw FaceqError(
        "core \(missing) is not among those that this process may run on, \(CoreList(allowed).text)")
    }
    guard (1...Self.limit).contains(cores.cores.count) else {
      throw FaceqError("cannot run on \(cores.cores.count) cores, only on 1 to \(Self.limit)")
    }
    self.init(pinnedTo: allowed.filter { cores.cores.contains($0) }, on: topology)
  }

  private init(pinnedTo cores: [Int], on topology: CoreTopology) {
    count = cores.count
    self.cores = cores
    mixed = topology.classes.count { $0.cores.cores.contains { cores.contains($0) } } > 1
  }

  /// Into how many parts a step is cut, about: so many that no thread waits long for a slow core, or for one
  /// that the system interrupts. Parts also cost something, for each reads its weights anew.
  var partsPerStep: Int { count == 1 ? 1 : count * (mixed ? 12 : 4) }
}
