internal import CEvent
internal import FaceqSupport

/// A request of which libevent waits for the answer.
final class Exchange {
  let id: Int
  let request: OpaquePointer
  let connection: Connection
  let arrival = monotonicSeconds()
  /// Whether the answer has headers only.
  let isHead: Bool
  /// Where the answer is a stream: what it shows.
  var channel: Int?
  var heartbeat: [UInt8] = []
  /// Whether the client of a stream has gone.
  var isClosed = false

  init(_ id: Int, _ request: OpaquePointer, _ connection: Connection, isHead: Bool) {
    self.id = id
    self.request = request
    self.connection = connection
    self.isHead = isHead
  }
}
