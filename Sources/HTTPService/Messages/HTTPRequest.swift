package import FaceqSupport

/// A request that has arrived completely.
package struct HTTPRequest: Sendable {
  package var method: HTTPMethod
  package var target: RequestTarget
  package var headers: HTTPHeaders
  package var body: [UInt8]
  /// The address of the other end, as a number.
  package var peer: String

  package init(
    method: HTTPMethod, target: RequestTarget, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
    peer: String = ""
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.peer = peer
  }

  /// The type of the body, in lower-case letters, without parameters: `image/jpeg`.
  package var contentType: String? {
    headers["content-type"].map { type in
      lowercasedASCII(trimmedASCII(String(decoding: type.utf8.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)))
    }
  }

  /// The body as JSON.
  package func json() throws(HTTPFailure) -> JSONContent {
    guard let type = contentType, type.utf8.elementsEqual("application/json".utf8) else {
      throw HTTPFailure(.unsupportedMediaType, "unsupported_type", "this wants a JSON text, of type application/json")
    }
    guard let content = JSONContent(body) else {
      throw HTTPFailure(.badRequest, "malformed", "the body is no JSON text")
    }
    return content
  }
}
