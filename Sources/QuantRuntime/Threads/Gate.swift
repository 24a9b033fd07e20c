import CSystem
import FaceqSupport

/// A count that threads wait for until it goes up: they spin for a moment, and then sleep.
struct Gate: ~Copyable {
  /// The count, and the number of threads that sleep or are about to.
  private let words: UnsafeMutablePointer<Int32>

  init() {
    // A cache line of its own: waiting threads read it all the time.
    words = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64).bindMemory(to: Int32.self, capacity: 16)
    words.initialize(repeating: 0, count: 16)
  }

  deinit { UnsafeMutableRawPointer(words).deallocate() }

  var count: Int32 { system_load_acquire_32(words) }

  /// Lets all threads that wait go on.
  func open() {
    _ = system_fetch_add_32(words, 1)
    // A thread that this does not see sleeping sees the new count, and does not sleep.
    system_full_fence()
    if system_load_acquire_32(words + 1) > 0 { system_wake_all(words) }
  }

  /// - Parameters:
  ///   - count: returns once it is another.
  ///   - spinning: seconds after which the thread sleeps.
  func wait(while count: Int32, spinning: Double) {
    guard self.count == count else { return }
    if spinning > 0 {
      let deadline = monotonicSeconds() + spinning
      repeat {
        for _ in 0..<64 {
          system_cpu_relax()
          if self.count != count { return }
        }
      } while monotonicSeconds() < deadline
    }
    _ = system_fetch_add_32(words + 1, 1)
    while self.count == count { system_sleep_while(words, count) }
    _ = system_fetch_add_32(words + 1, -1)
  }
}
