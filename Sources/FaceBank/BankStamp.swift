import CSystem
import FaceqSupport

/// What a bank's file looks like from outside: another stamp means that somebody wrote it.
struct BankStamp: Sendable {
  private var inode: UInt64 = 0
  private var size: UInt64 = 0
  private var changed: Int64 = 0
  /// Whether the file had been left alone for some time. File systems count time in ticks of some milliseconds: what is
  /// written twice in one tick can have one stamp.
  private var isSettled = false

  /// The stamp of no file.
  init() {}

  /// The stamp of the file at `path`, from before it is read.
  init(of path: FilePath) {
    var facts = system_file_facts()
    guard path.withCString({ system_facts_of_path($0, &facts) }) == 0 else { return }
    var now = system_timespec()
    _ = system_clock_gettime(system_realtime_clock, &now)
    inode = facts.inode
    size = facts.size
    // A file is changed, too, where it is renamed or its contents are modified.
    changed = facts.changed.seconds &* 1_000_000_000 &+ Int64(facts.changed.nanoseconds)
    isSettled = now.seconds &* 1_000_000_000 &+ now.nanoseconds &- changed > 100_000_000
  }

  /// Whether a bank that was read behind this stamp is that of the file which has `other` now.
  func vouches(for other: BankStamp) -> Bool {
    (inode, size, changed) == (other.inode, other.size, other.changed) && (isSettled || inode == 0)
  }
}
