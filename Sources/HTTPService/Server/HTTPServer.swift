internal import CEvent
internal import CSystem
package import FaceqSupport

/// Answers HTTP/1.1 by libevent.
///
/// One thread, which calls `run`, serves all connections; workers do what takes longer. What libevent's server lacks is
/// here: a limit of connections, times for a whole request, one budget for all bodies together, JSON in place of its own
/// pages of HTML, streams whose slow readers lose frames, and an end that finishes what runs.
package final class HTTPServer {
  package let limits: HTTPLimits
  package let figures = HTTPFigures()
  private let base: OpaquePointer
  private let server: OpaquePointer
  private let outbox: Outbox
  private let queue: WorkQueue
  private let decide: (HTTPRequest) -> HTTPDecision
  private let note: (String) -> Void
  private var socket: OpaquePointer?
  private var tidying: OpaquePointer?
  private var connections: [OpaquePointer: Connection] = [:]
  /// Requests that workers have, or that wait for them.
  private var exchanges: [Int: Exchange] = [:]
  private var streams: [Int: Exchange] = [:]
  private var nextExchange = 0
  private var newest: Connection?
  private var refusals: [Connection] = []
  private var pages: [Connection] = []
  private var held = 0
  private var lastHeartbeat = 0.0
  /// Whether the system gave no connection since the last one that it gave.
  private var refusesConnections = false
  /// When the server was asked to end.
  private var ending: Double?

  /// What is published, from any thread.
  package let publisher: Publisher

  /// - Parameters:
  ///   - note: tells whoever runs the service what it cannot do at the moment.
  ///   - decide: says what becomes of a request, on the thread of events.
  package init(
    limits: HTTPLimits, note: @escaping (String) -> Void, decide: @escaping (HTTPRequest) -> HTTPDecision
  ) throws(FaceqError) {
    guard let base = event_base_new(), let server = evhttp_new(base) else {
      throw FaceqError("libevent cannot be set up: there is no memory, or the system gives no descriptor", .memory)
    }
    self.base = base
    self.server = server
    self.limits = limits.fitting()
    self.note = note
    self.decide = decide
    outbox = try Outbox()
    publisher = Publisher(outbox)
    queue = WorkQueue(limit: limits.waitingRequests)
    evhttp_set_max_headers_size(server, limits.headerBytes)
    evhttp_set_max_body_size(server, limits.bodyBytes)
    evhttp_set_allowed_methods(server, UInt16(evhttp_all_methods))
    evhttp_set_default_content_type(server, nil)
    _ = evhttp_set_flags(server, evhttp_server_lingering_close)
  }

  /// Takes connections on an address of this machine.
  ///
  /// - Parameters:
  ///   - host: a number or a name.
  ///   - port: 0 takes one that is free.
  /// - Returns: the port.
  package func listen(host: String, port: UInt16) throws(FaceqError) -> Int {
    guard let socket = evhttp_bind_socket_with_handle(server, host, port) else {
      throw FaceqError(
        "cannot listen on \(host), port \(port): \(systemReason(system_errno())); is another program there already?")
    }
    self.socket = socket
    AcceptFailure.pause(evhttp_bound_socket_get_listener(socket))
    return Int(event_port(evhttp_bound_socket_get_fd(socket)))
  }

  /// Serves until the process is asked to end (SIGTERM, SIGINT), and then finishes what has arrived.
  ///
  /// - Parameter workers: how many requests are worked on at once.
  package func run(workers: Int) throws(FaceqError) {
    system_let_writing_fail()
    let context = Unmanaged.passUnretained(self).toOpaque()
    evhttp_set_bevcb(server, { base, context in HTTPServer.of(context)?.accept(base) }, context)
    evhttp_set_gencb(server, { request, context in HTTPServer.of(context)?.receive(request) }, context)
    try watch(outbox.bell, event_read | event_stays) { _, _, context in HTTPServer.of(context)?.handOut() }
    for signal: Int32 in [2, 15] {
      try watch(signal, event_signal | event_stays) { _, _, context in HTTPServer.of(context)?.end() }
    }
    var interval = event_interval(seconds: 0, microseconds: 200_000)
    try watch(-1, event_stays, every: &interval) { _, _, context in HTTPServer.of(context)?.lookAfter() }
    tidying = event_new(base, -1, 0, { _, _, context in HTTPServer.of(context)?.tidy() }, context)

    let (queue, outbox) = (queue, outbox)
    var threads: [SystemThread] = []
    defer {
      queue.close()
      for thread in threads { thread.join() }
    }
    for worker in 0..<workers {
      threads.append(
        try SystemThread.start {
          while let job = queue.next() { outbox.add(job.work(worker), for: job.exchange) }
        })
    }
    guard event_base_dispatch(base) >= 0 else { throw FaceqError("libevent cannot wait for connections") }
  }

  private func watch(
    _ descriptor: Int32, _ what: Int16, every interval: UnsafePointer<event_interval>? = nil, _ body: event_callback
  ) throws(FaceqError) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    guard let event = event_new(base, descriptor, what, body, context), event_add(event, interval) == 0 else {
      throw FaceqError("libevent cannot wait for what should wake it", .memory)
    }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> HTTPServer? {
    context.map { Unmanaged<HTTPServer>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Connections

  private func accept(_ base: OpaquePointer) -> OpaquePointer? {
    checkNewest()
    guard let stream = bufferevent_socket_new(base, -1, bufferevent_closes_socket) else { return nil }
    if connections.count >= limits.connections { forgetAbandoned() }
    let connection = Connection(stream, of: self)
    if connections.count >= limits.connections {
      refusals.append(connection)
    }
    newest = connection
    tidySoon()
    connections[stream] = connection
    refusesConnections = false
    return stream
  }

  /// Looks at the connection that was made last, before there is another one, before anything is read from it and before it
  /// is let go of: it is abandoned already where libevent could not set it up, and has closed its socket.
  private func checkNewest() {
    if let newest, newest.isAbandoned { newest.forgetSocket() }
    newest = nil
  }

  private func forgetAbandoned() {
    checkNewest()
    for (stream, connection) in connections where connection.isAbandoned {
      connections[stream] = nil
      connection.release()
    }
  }

  /// Counts bytes that requests hold.
  func hold(_ bytes: Int) { held += bytes }

  var isOverBudget: Bool { held > limits.allBodiesBytes }

  /// Runs `tidy` before libevent waits again, when its functions are not on the stack.
  func tidySoon() { if let tidying { event_active(tidying, 0, 0) } }

  func rewriteSoon(_ connection: Connection) {
    pages.append(connection)
    tidySoon()
  }

  private func tidy() {
    checkNewest()
    for connection in pages { connection.rewritePage() }
    pages = []
    for connection in refusals where !connection.isAbandoned {
      connection.refuse(HTTPFailure.busy("too many connections are open; try again later").response)
    }
    refusals = []
    for (id, stream) in streams where stream.isClosed {
      streams[id] = nil
      // libevent has let go of it; this frees it.
      evhttp_send_reply_end(stream.request)
    }
    countReaders()
  }

  /// Listens again where that failed a moment ago.
  private func listenAgain() {
    guard let socket else { return }
    let code = AcceptFailure.last.take()
    if code != 0, !refusesConnections {
      refusesConnections = true
      note("cannot take connections at the moment: \(systemReason(code)); trying again")
    }
    _ = evconnlistener_enable(evhttp_bound_socket_get_listener(socket))
  }

  private func lookAfter() {
    let now = monotonicSeconds()
    // The bell may have failed.
    handOut()
    listenAgain()
    forgetAbandoned()
    for connection in connections.values { connection.check(now) }
    sendHeartbeats(now)
    for job in queue.takeExpired(at: now) {
      answer(job.exchange, HTTPFailure.busy("no worker became free in time; try again later").response)
    }
    if let ending {
      let isDone = exchanges.isEmpty && !connections.values.contains { $0.state == .answering && !$0.isAbandoned }
      if isDone || now - ending > 30 { _ = event_base_loopbreak(base) }
    }
  }

  private func end() {
    guard ending == nil else { return }
    ending = monotonicSeconds()
    if let socket { evhttp_del_accept_socket(server, socket) }
    socket = nil
    for (id, stream) in streams where !stream.isClosed {
      streams[id] = nil
      if let connection = evhttp_request_get_connection(stream.request) {
        evhttp_connection_set_closecb(connection, nil, nil)
      }
      stream.connection.beginAnswer()
      evhttp_send_reply_end(stream.request)
    }
  }

  // MARK: Requests

  private func receive(_ pointer: OpaquePointer) {
    guard let link = evhttp_request_get_connection(pointer),
      let connection = connections[evhttp_connection_get_bufferevent(link)], connection.state != .refused
    else { return evhttp_send_reply(pointer, 503, nil, nil) }
    connection.beginWork()
    evhttp_request_set_on_complete_cb(
      pointer, { _, context in Connection.of(context)?.finishAnswer() },
      Unmanaged.passUnretained(connection).toOpaque())
    nextExchange += 1
    let isHead = HTTPMethod(command: evhttp_request_get_command(pointer)) == .head
    let exchange = Exchange(nextExchange, pointer, connection, isHead: isHead)
    do throws(HTTPFailure) {
      let request = try HTTPRequest(pointer, from: link)
      guard ending == nil else { throw HTTPFailure.busy("the service is about to end") }
      switch decide(request) {
      case .answer(let response): send(response, to: exchange)
      case .work(let work):
        exchanges[exchange.id] = exchange
        let deadline = exchange.arrival + limits.waitingSeconds
        guard queue.add(WorkQueue.Job(exchange: exchange.id, deadline: deadline, work: work)) else {
          exchanges[exchange.id] = nil
          throw HTTPFailure.busy("too many requests wait; try again later")
        }
      case .stream(let channel, let type, let beginning, let heartbeat):
        exchange.channel = channel
        exchange.heartbeat = heartbeat
        try begin(exchange, link, type, beginning)
      }
    } catch {
      send(error.response, to: exchange, closes: error.status == .badRequest || ending != nil)
    }
    figures.waiting = queue.count
  }

  private func answer(_ id: Int, _ response: HTTPResponse) {
    guard let exchange = exchanges.removeValue(forKey: id) else { return }
    send(response, to: exchange, closes: ending != nil)
  }

  private func send(_ response: HTTPResponse, to exchange: Exchange, closes: Bool = false) {
    exchange.connection.beginAnswer()
    figures.count(response.status)
    figures.count(seconds: monotonicSeconds() - exchange.arrival)
    let body = exchange.isHead ? nil : buffer(of: response.body)
    defer { if let body { evbuffer_free(body) } }
    // Without memory for its body the answer has none.
    let isComplete = exchange.isHead || body != nil
    let status = isComplete ? response.status : .unavailable
    setHeaders(of: exchange, response.headers, closes: closes)
    if exchange.isHead || status != .noContent {
      addHeader(exchange, "Content-Length", "\(isComplete ? response.body.count : 0)")
    }
    evhttp_send_reply(exchange.request, Int32(status.rawValue), reason(status), body)
  }

  /// A buffer with these bytes, or nothing where there is no memory for them.
  private func buffer(of bytes: [UInt8]) -> OpaquePointer? {
    guard let buffer = evbuffer_new() else { return nil }
    guard evbuffer_add(buffer, bytes, bytes.count) == 0 else {
      evbuffer_free(buffer)
      return nil
    }
    return buffer
  }

  private func setHeaders(of exchange: Exchange, _ headers: HTTPHeaders, closes: Bool) {
    for header in headers.all { addHeader(exchange, header.name, header.value) }
    if headers["cache-control"] == nil { addHeader(exchange, "Cache-Control", "no-store") }
    addHeader(exchange, "X-Content-Type-Options", "nosniff")
    addHeader(exchange, "Cross-Origin-Resource-Policy", "same-origin")
    addHeader(exchange, "Referrer-Policy", "no-referrer")
    addHeader(exchange, "X-Frame-Options", "DENY")
    if closes { addHeader(exchange, "Connection", "close") }
  }

  /// Adds a header, or breaks the connection where there is no memory for it: without its length a client would wait for the
  /// answer's end.
  private func addHeader(_ exchange: Exchange, _ name: String, _ value: String) {
    let headers = evhttp_request_get_output_headers(exchange.request)
    if evhttp_add_header(headers, name, value) != 0 { exchange.connection.cut() }
  }

  private func reason(_ status: HTTPStatus) -> UnsafePointer<CChar> {
    UnsafeRawPointer(status.reason.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  // MARK: Streams

  private func begin(
    _ exchange: Exchange, _ link: OpaquePointer, _ type: String, _ beginning: [UInt8]
  ) throws(HTTPFailure) {
    guard streams.count < limits.streams else { throw HTTPFailure.busy("too many watch already; try again later") }
    var headers = HTTPHeaders()
    headers.add("Content-Type", type)
    setHeaders(of: exchange, headers, closes: true)
    figures.count(.ok)
    if exchange.isHead {
      exchange.connection.beginAnswer()
      return evhttp_send_reply(exchange.request, 200, reason(.ok), nil)
    }
    exchange.connection.beginStream()
    streams[exchange.id] = exchange
    countReaders()
    evhttp_connection_set_closecb(
      link,
      { _, context in
        guard let context else { return }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        exchange.isClosed = true
        exchange.connection.server.tidySoon()
      }, Unmanaged.passUnretained(exchange).toOpaque())
    evhttp_send_reply_start(exchange.request, 200, reason(.ok))
    if !beginning.isEmpty { send(beginning, on: exchange) }
  }

  private func countReaders() { publisher.setReaders(streams.values.compactMap { $0.channel }) }

  private func sendHeartbeats(_ now: Double) {
    guard now - lastHeartbeat > 15 else { return }
    lastHeartbeat = now
    for stream in streams.values where !stream.isClosed && !stream.heartbeat.isEmpty {
      if stream.connection.unsent <= limits.streamBytes { send(stream.heartbeat, on: stream) }
    }
  }

  private func handOut() {
    let (answers, parcels) = outbox.take()
    for (exchange, response) in answers { answer(exchange, response) }
    for parcel in parcels {
      for stream in streams.values where stream.channel == parcel.channel && !stream.isClosed {
        if stream.connection.unsent > limits.streamBytes {
          figures.lostFrames += 1
          stream.connection.limitStream()
        } else {
          stream.connection.extendStream()
          send(parcel.bytes, on: stream)
        }
      }
    }
    figures.waiting = queue.count
  }

  private func send(_ bytes: [UInt8], on stream: Exchange) {
    guard let buffer = buffer(of: bytes) else { return }
    evhttp_send_reply_chunk(stream.request, buffer)
    evbuffer_free(buffer)
  }

  /// Brings the figures up to date that are not counted as they come.
  package func refreshFigures() {
    forgetAbandoned()
    figures.connections = connections.count
    figures.heldBytes = held
    figures.streams = streams.count
    figures.waiting = queue.count
  }
}
