import FaceWatch
import FaceqSupport
import HTTPService

/// What a watch has seen of late, for those who look at it.
final class LiveView: @unchecked Sendable {
  private struct Visit {
    var id: Int
    var json: String
    var snapshot: [UInt8]?
  }

  /// Whether there is a source.
  let isWatching: Bool
  private let lock = Lock()
  private var visits: [Visit] = []
  private var nextVisit = 1
  private var frame: WatchedFrame?
  private var publisher: Publisher?

  private static let visitLimit = 50

  init(isWatching: Bool) { self.isWatching = isWatching }

  /// Lets those who read from this server see what comes.
  func connect(to publisher: Publisher) { lock.with { self.publisher = publisher } }

  func add(_ event: WatchEvent) {
    let snapshot = try? event.snapshot()
    let (bytes, publisher) = lock.with { () -> ([UInt8], Publisher?) in
      let json = text(event, id: nextVisit, hasSnapshot: snapshot != nil)
      let visit = Visit(id: nextVisit, json: json, snapshot: snapshot)
      nextVisit += 1
      if visits.count >= Self.visitLimit { visits.removeFirst() }
      visits.append(visit)
      return (message(visit), self.publisher)
    }
    publisher?.publish(bytes, on: LiveChannel.events.rawValue)
  }

  func show(_ frame: WatchedFrame) {
    let publisher = lock.with { () -> Publisher? in
      self.frame = frame
      return self.publisher
    }
    // A camera's frames may have to be encoded: only for those who look.
    guard let publisher, publisher.hasReaders(of: LiveChannel.frames.rawValue), let jpeg = try? frame.jpeg() else {
      return
    }
    let head = "Content-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\n\r\n"
    let part = Array(head.utf8) + jpeg + Array("\r\n--frame\r\n".utf8)
    publisher.publish(part, on: LiveChannel.frames.rawValue, replaces: true)
  }

  /// A stream of what comes; one of events begins with those that the client has missed since it was there last.
  func stream(_ channel: LiveChannel, _ request: HTTPRequest) throws(HTTPFailure) -> HTTPDecision {
    try check()
    switch channel {
    case .frames:
      return .stream(channel: channel.rawValue, type: channel.type, beginning: Array("--frame\r\n".utf8), heartbeat: [])
    case .events:
      let last = (request.headers["last-event-id"] ?? request.target["after"]).flatMap { Int($0) }
      let missed = lock.with { visits.filter { $0.id > last ?? 0 }.flatMap { message($0) } }
      return .stream(
        channel: channel.rawValue, type: channel.type, beginning: Array("retry: 2000\n\n".utf8) + missed,
        heartbeat: Array(":\n\n".utf8))
    }
  }

  /// The picture of an event; nil where there is none, or none any more.
  func snapshot(_ id: Int) throws(HTTPFailure) -> [UInt8]? {
    try check()
    return lock.with { visits.first { $0.id == id }?.snapshot }
  }

  /// The last frame that was looked at.
  func lastFrame() throws(HTTPFailure) -> WatchedFrame {
    try check()
    guard let frame = lock.with({ frame }) else {
      throw HTTPFailure(.unavailable, "no_frame", "no frame has come yet", retryAfter: 1)
    }
    return frame
  }

  private func check() throws(HTTPFailure) {
    guard isWatching else { throw HTTPFailure(.notFound, "not_watching", "the service watches no source") }
  }

  private func text(_ event: WatchEvent, id: Int, hasSnapshot: Bool) -> String {
    JSONWriter.text { json in
      json.member("id", id)
      json.member("snapshot", hasSnapshot ? "/v1/events/\(id)/snapshot" : nil)
      event.writeMembers(to: &json)
    }
  }

  private func message(_ visit: Visit) -> [UInt8] {
    Array("id: \(visit.id)\nevent: visit\ndata: \(visit.json)\n\n".utf8)
  }
}
