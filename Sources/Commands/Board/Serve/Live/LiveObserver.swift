import FaceBank
import FaceWatch
import FaceqSupport
import HTTPService

/// Hands what a watch tells to a service.
struct LiveObserver<Storage: BankStorage>: WatchObserver {
  private let service: FaceService<Storage>
  private let console: Console
  private let end: EndMark
  private var known: BankContents?

  /// - Parameter end: says when the service has ended.
  init(_ service: FaceService<Storage>, _ end: EndMark, _ console: Console) {
    self.service = service
    self.end = end
    self.console = console
  }

  mutating func tell(_ event: WatchEvent) throws(FaceqError) { service.live.add(event) }

  mutating func show(_ frame: WatchedFrame) { service.live.show(frame) }

  mutating func note(_ message: String) { console.note(message) }

  mutating func sum(_ summary: WatchSummary) { console.note(summary.text) }

  mutating func changedPeople() -> PersonSearch? {
    guard let contents = try? service.bank.contents(), contents !== known else { return nil }
    known = contents
    return contents.search
  }

  var isEnded: Bool { end.isSet }
}
