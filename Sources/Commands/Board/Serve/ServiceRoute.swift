import FaceBank
import HTTPService

/// A request, and the parts of its path that the route leaves open.
struct ServiceCall: Sendable {
  var request: HTTPRequest
  var parameters: [String]

  /// The value of an item in the query that is a number.
  func number(_ name: String) throws(HTTPFailure) -> Double? {
    guard let text = request.target[name] else { return nil }
    return try numberField(text, name)
  }
}

/// What is done for a method and a path.
struct ServiceRoute<Storage: BankStorage>: Sendable {
  enum Action: Sendable {
    /// On the thread of events: takes no time.
    case quick(@Sendable (FaceService<Storage>) -> (ServiceCall) throws(HTTPFailure) -> HTTPResponse)
    /// On a worker.
    case work(@Sendable (FaceService<Storage>) -> (ServiceCall, FacePipeline) throws(HTTPFailure) -> HTTPResponse)
    /// What a watch shows.
    case stream(LiveChannel)
  }

  var action: Action
  /// Whether it needs no key.
  var isOpen = false
}
