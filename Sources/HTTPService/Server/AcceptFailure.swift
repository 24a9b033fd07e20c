internal import CEvent
internal import CSystem
internal import FaceqSupport

/// Why the system did not give a connection to a listener of this process, for want of descriptors for instance.
///
/// Without this libevent would ask again at once, and for ever. It tells the function that it calls only which listener it
/// was: so there is one of these for all servers of a process.
final class AcceptFailure: @unchecked Sendable {
  static let last = AcceptFailure()

  private let lock = Lock()
  private var code: Int32 = 0

  /// Has a listener rest where it fails, until it is enabled again.
  static func pause(_ listener: OpaquePointer) {
    evconnlistener_set_error_cb(listener) { listener, _ in
      AcceptFailure.last.set(system_errno())
      _ = evconnlistener_disable(listener)
    }
  }

  /// The system's code for the failure since this was last called; 0 where there was none.
  func take() -> Int32 {
    lock.with {
      defer { code = 0 }
      return code
    }
  }

  private func set(_ failure: Int32) { lock.with { code = failure } }
}
