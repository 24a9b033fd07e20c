package import FaceqSupport

/// An answer that is complete.
package struct HTTPResponse: Sendable {
  package var status: HTTPStatus
  package var headers = HTTPHeaders()
  package var body: [UInt8]

  package init(_ status: HTTPStatus = .ok, type: String? = nil, body: [UInt8] = []) {
    self.status = status
    self.body = body
    if let type { headers.add("Content-Type", type) }
  }

  package static func json(_ status: HTTPStatus = .ok, _ members: (inout JSONWriter) -> Void) -> HTTPResponse {
    HTTPResponse(status, type: "application/json", body: Array(JSONWriter.text(members).utf8))
  }

  package static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> HTTPResponse {
    HTTPResponse(type: type, body: Array(text.utf8))
  }
}
