import FaceqSupport

/// Says to another thread that it is to end.
final class EndMark: @unchecked Sendable {
  private let lock = Lock()
  private var mark = false

  var isSet: Bool { lock.with { mark } }

  func set() { lock.with { mark = true } }
}
