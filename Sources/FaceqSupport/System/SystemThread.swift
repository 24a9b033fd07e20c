import CSystem

/// A thread that runs a closure.
package final class SystemThread: @unchecked Sendable {
  private let handle: system_thread

  /// - Throws: where the system refuses a thread.
  package static func start(_ body: @escaping @Sendable () -> Void) throws(FaceqError) -> SystemThread {
    var handle = system_thread()
    let work = Unmanaged.passRetained(Work(body))
    guard system_thread_create(&handle, nil, run, work.toOpaque()) == 0 else {
      work.release()
      throw FaceqError("the system refuses to start another thread; ask for fewer")
    }
    return SystemThread(handle)
  }

  private init(_ handle: system_thread) { self.handle = handle }

  /// Waits until the closure has returned; to be called once at most.
  package func join() { _ = system_thread_join(handle, nil) }
}

private final class Work: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func run(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let work else { return nil }
  Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
  return nil
}
