/// What a worker does for a request.
///
/// - Parameter worker: the number of the worker, from 0, which does one thing at a time.
package typealias HTTPWork = @Sendable (_ worker: Int) -> HTTPResponse

/// What becomes of a request. The thread that decides serves all connections: it must not wait for anything.
package enum HTTPDecision: Sendable {
  case answer(HTTPResponse)
  case work(HTTPWork)
  /// An answer that does not end: what is published on a channel.
  ///
  /// - Parameter heartbeat: is sent every quarter of a minute, so that a reader who is gone is found out.
  case stream(channel: Int, type: String, beginning: [UInt8], heartbeat: [UInt8])
}
