import CSystem

/// Lets one thread at a time into a piece of code, and others wait for what it does there.
package final class Lock: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<system_lock>
  private let post: UnsafeMutablePointer<system_signal_post>

  package init() {
    lock = .allocate(capacity: 1)
    lock.initialize(to: system_lock())
    post = .allocate(capacity: 1)
    post.initialize(to: system_signal_post())
  }

  deinit {
    lock.deallocate()
    post.deallocate()
  }

  /// What `body` returns, which is alone meanwhile.
  package func with<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    _ = system_lock_take(lock)
    defer { _ = system_lock_give(lock) }
    return try body()
  }

  /// Within `with`: lets others in until one of them wakes this thread, or without a reason.
  package func wait() { _ = system_signal_post_wait(post, lock) }

  /// Wakes a thread that waits.
  package func wakeOne() { _ = system_signal_post_wake_one(post) }

  /// Wakes all threads that wait.
  package func wakeAll() { _ = system_signal_post_wake_all(post) }
}
