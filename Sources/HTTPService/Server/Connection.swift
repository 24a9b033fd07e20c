internal import CEvent
internal import CSystem
internal import FaceqSupport

/// One connection, seen from beside libevent, which tells nothing about it before a request is complete.
final class Connection {
  enum State {
    /// No byte of a request has come.
    case idle
    case receiving
    /// The request is complete, and has no answer yet.
    case working
    case answering
    case streaming
    /// The client was told to go; what it still sends is thrown away.
    case refused
    /// The socket is no longer ours.
    case released
  }

  let stream: OpaquePointer
  let server: HTTPServer
  private(set) var state = State.idle
  /// When the state must have ended.
  private(set) var deadline: Double
  /// Bytes that came since the last answer, as far as memory holds them.
  private(set) var held = 0
  private var watchers: (input: OpaquePointer?, output: OpaquePointer?) = (nil, nil)

  init(_ stream: OpaquePointer, of server: HTTPServer) {
    self.stream = stream
    self.server = server
    deadline = monotonicSeconds() + server.limits.arrivalSeconds
    bufferevent_incref(stream)
    let context = Unmanaged.passUnretained(self).toOpaque()
    watchers.input = evbuffer_add_cb(
      bufferevent_get_input(stream), { _, change, context in Connection.of(context)?.received(change.pointee.added) },
      context)
    watchers.output = evbuffer_add_cb(
      bufferevent_get_output(stream), { _, change, context in Connection.of(context)?.wrote(change.pointee.added) },
      context)
  }

  /// Lets go of the socket, which closes it where libevent has let go, too.
  func release() {
    server.hold(-held)
    held = 0
    state = .released
    if let input = watchers.input { _ = evbuffer_remove_cb_entry(bufferevent_get_input(stream), input) }
    if let output = watchers.output { _ = evbuffer_remove_cb_entry(bufferevent_get_output(stream), output) }
    _ = bufferevent_decref(stream)
  }

  /// The socket was closed by somebody else: its number may be that of another connection's, which must not be closed with
  /// this one.
  func forgetSocket() { _ = bufferevent_setfd(stream, -1) }

  /// Whether libevent has let go of the connection.
  var isAbandoned: Bool { state == .released || bufferevent_is_abandoned(stream) }

  /// Bytes of an answer or a stream that the client has not taken.
  var unsent: Int { evbuffer_get_length(bufferevent_get_output(stream)) }

  func beginWork() {
    state = .working
    deadline = .infinity
  }

  func beginAnswer() {
    state = .answering
    deadline = monotonicSeconds() + server.limits.replySeconds
  }

  func beginStream() {
    state = .streaming
    deadline = .infinity
  }

  /// The client took something of a stream, or has nothing to take.
  func extendStream() { deadline = .infinity }

  /// A reader that takes nothing for so long is gone.
  func limitStream() {
    if deadline == .infinity { deadline = monotonicSeconds() + server.limits.replySeconds }
  }

  /// The client has its answer.
  func finishAnswer() {
    guard state != .refused else { return }
    server.hold(-held)
    held = evbuffer_get_length(bufferevent_get_input(stream))
    server.hold(held)
    state = held > 0 ? .receiving : .idle
    deadline = monotonicSeconds() + (held > 0 ? server.limits.arrivalSeconds : server.limits.idleSeconds)
  }

  /// Ends the connection where its time is over.
  func check(_ now: Double) {
    guard now > deadline else { return }
    if state == .receiving {
      refuse(
        HTTPFailure(.requestTimeout, "too_slow", "the request did not arrive in time").response, lingers: false)
    } else {
      cut()
    }
  }

  /// Answers what is no request yet, past libevent, and then listens no more.
  ///
  /// - Parameter lingers: waits a moment for the client to read the answer before it sees the connection broken.
  func refuse(_ response: HTTPResponse, lingers: Bool = true) {
    guard state != .refused else { return }
    state = .refused
    deadline = monotonicSeconds() + 2
    server.figures.count(response.status)
    let bytes = response.closingMessage
    let socket = bufferevent_getfd(stream)
    _ = system_send_now(socket, bytes, bytes.count)
    if lingers { _ = system_shutdown(socket, system_shut_writing) } else { cut() }
    throwAway()
  }

  /// Breaks the connection; libevent then sees its end and lets go.
  func cut() {
    deadline = .infinity
    _ = system_shutdown(bufferevent_getfd(stream), system_shut_both)
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> Connection? {
    context.map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
  }

  private func received(_ count: Int) {
    guard count > 0 else { return }
    switch state {
    case .refused: return throwAway()
    case .released: return
    case .idle:
      state = .receiving
      deadline = monotonicSeconds() + server.limits.arrivalSeconds
    case .receiving, .working: break
    case .answering, .streaming:
      // Nobody reads now: a client that goes on sending is up to no good.
      if evbuffer_get_length(bufferevent_get_input(stream)) > server.limits.headerBytes { return cut() }
    }
    // What is over the limit, libevent throws away.
    let counted = min(count, max(server.limits.bodyBytes + server.limits.headerBytes - held, 0))
    held += counted
    server.hold(counted)
    if server.isOverBudget {
      refuse(HTTPFailure.busy("too many requests are arriving at once; try again later").response)
    }
  }

  private func throwAway() {
    let input = bufferevent_get_input(stream)
    server.hold(-held)
    held = 0
    _ = evbuffer_drain(input, evbuffer_get_length(input))
  }

  /// libevent answers by itself what it cannot read.
  private func wrote(_ count: Int) {
    guard count > 0, state == .receiving || state == .idle else { return }
    server.rewriteSoon(self)
  }

  /// Puts JSON in the place of libevent's own page, before the first byte of it leaves.
  func rewritePage() {
    guard state == .receiving || state == .idle else { return }
    let output = bufferevent_get_output(stream)
    let length = evbuffer_get_length(output)
    guard length > 12 else { return }
    var head = [UInt8](repeating: 0, count: 12)
    _ = evbuffer_copyout(output, &head, head.count)
    let code = head[9..<12].reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
    guard code != 100 else { return }
    let response = Connection.failure(code).response
    let bytes = response.closingMessage
    _ = evbuffer_unfreeze(output, 1)
    _ = evbuffer_drain(output, length)
    beginAnswer()
    _ = evbuffer_add(output, bytes, bytes.count)
    _ = evbuffer_freeze(output, 1)
    server.figures.count(response.status)
  }

  private static func failure(_ code: Int) -> HTTPFailure {
    switch HTTPStatus(rawValue: code) {
    case .contentTooLarge: HTTPFailure(.contentTooLarge, "too_large", "the request is larger than the service allows")
    case .expectationFailed: HTTPFailure(.expectationFailed, "malformed", "only 100-continue can be expected")
    case .badRequest: HTTPFailure(.badRequest, "malformed", "this is no request of HTTP, or its headers are too long")
    default: HTTPFailure(.notImplemented, "unknown_method", "there is no such method")
    }
  }
}

extension HTTPResponse {
  /// All bytes of the answer to what was no request, after which the connection is closed.
  fileprivate var closingMessage: [UInt8] {
    var text = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\n"
    for header in headers.all { text += "\(header.name): \(header.value)\r\n" }
    text += "content-length: \(body.count)\r\nconnection: close\r\n\r\n"
    return Array(text.utf8) + body
  }
}
