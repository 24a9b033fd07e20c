import CSystem
import FaceqSupport

/// What a bank's file looks like from outside: another stamp means that somebody wrote it.
struct BankStamp: Sendable {
  /// Nil where there is no file.
  private var facts: FileFacts?
  /// Whether the file had been left alone for some time. File systems count time in ticks of some milliseconds: what is
  /// written twice in one tick can have one stamp.
  private var isSettled = false

  /// The stamp of no file.
  init() {}

  /// The stamp of the file at `path`, from before it is read.
  ///
  /// - Throws: where the system does not say whether there is a file.
  init(of path: FilePath) throws(FaceqError) {
    guard let facts = try fileFacts(path) else { return }
    var now = system_timespec()
    _ = system_clock_gettime(system_realtime_clock, &now)
    self.facts = facts
    isSettled = now.seconds &* 1_000_000_000 &+ now.nanoseconds &- facts.changed > 100_000_000
  }

  /// Whether a bank that was read behind this stamp is that of the file which has `other` now.
  func vouches(for other: BankStamp) -> Bool {
    facts == other.facts && (isSettled || facts == nil)
  }
}
