internal import FaceqSupport

/// Why a request is not done: a status, a word for programs and a sentence for people.
package struct HTTPFailure: Error, Sendable {
  package var status: HTTPStatus
  package var code: String
  package var message: String
  /// Seconds after which to try again, where that makes sense.
  package var retryAfter: Int?
  /// The methods that there are instead.
  package var allowed: [HTTPMethod] = []

  package init(_ status: HTTPStatus, _ code: String, _ message: String, retryAfter: Int? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.retryAfter = retryAfter
  }

  /// The service has too much to do.
  package static func busy(_ message: String) -> HTTPFailure {
    HTTPFailure(.unavailable, "busy", message, retryAfter: 1)
  }

  /// `{"error": {"code": …, "message": …}}`.
  package var response: HTTPResponse {
    withHeaders(
      .json(status) { json in
        json.object("error") { error in
          error.member("code", code)
          error.member("message", message)
        }
      })
  }

  /// An answer with the headers that belong to this failure.
  package func withHeaders(_ answer: HTTPResponse) -> HTTPResponse {
    var response = answer
    if let retryAfter { response.headers.add("Retry-After", "\(retryAfter)") }
    if !allowed.isEmpty { response.headers.add("Allow", allowed.map { $0.rawValue }.joined(separator: ", ")) }
    if status == .unauthorised { response.headers.add("WWW-Authenticate", "Bearer realm=\"faceq\"") }
    return response
  }
}
