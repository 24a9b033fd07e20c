internal import CEvent

extension HTTPRequest {
  /// - Parameter request: libevent's, complete; its body is moved.
  init(_ request: OpaquePointer, from connection: OpaquePointer) throws(HTTPFailure) {
    var headers = HTTPHeaders()
    var next = evhttp_request_get_input_headers(request).pointee.first
    while let header = next {
      headers.add(String(cString: header.pointee.key), String(cString: header.pointee.value))
      next = header.pointee.next
    }
    var address: UnsafeMutablePointer<CChar>?
    var port: UInt16 = 0
    evhttp_connection_get_peer(connection, &address, &port)
    let uri = evhttp_request_get_uri(request)
    let method = HTTPMethod(command: evhttp_request_get_command(request))
    try checkFraming(headers, method)
    self.init(
      method: method, target: try RequestTarget(String(cString: uri).utf8), headers: headers,
      body: takeBody(request), peer: address.map { String(cString: $0) } ?? "")
  }
}

/// Fails where two readers could differ about where a request ends.
private func checkFraming(_ headers: HTTPHeaders, _ method: HTTPMethod) throws(HTTPFailure) {
  let lengths = headers.values("content-length")
  let encodings = headers.values("transfer-encoding")
  func malformed(_ what: String) -> HTTPFailure { HTTPFailure(.badRequest, "malformed", what) }
  guard lengths.count + encodings.count <= 1 else { throw malformed("the request says twice how long it is") }
  if let encoding = encodings.first, !lowercasedASCII(encoding).utf8.elementsEqual("chunked".utf8) {
    throw malformed("a body's only encoding is chunked")
  }
  if let length = lengths.first, !length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
    throw malformed("the request's length is no number")
  }
  switch method {
  case .post, .put, .patch:
    guard lengths.count + encodings.count == 1 else {
      throw HTTPFailure(.lengthRequired, "length_required", "say how long the body is with Content-Length")
    }
  case .head:
    guard encodings.isEmpty, lengths.allSatisfy({ $0.utf8.allSatisfy { $0 == 0x30 } }) else {
      throw malformed("a request for headers has no body")
    }
  case .get, .delete, .other: break
  }
}

private func takeBody(_ request: OpaquePointer) -> [UInt8] {
  let buffer = evhttp_request_get_input_buffer(request)
  let length = evbuffer_get_length(buffer)
  guard length > 0 else { return [] }
  let bytes = [UInt8](unsafeUninitializedCapacity: length) { bytes, count in
    if let start = bytes.baseAddress { count = max(0, evbuffer_copyout(buffer, start, length)) }
  }
  _ = evbuffer_drain(buffer, length)
  return bytes
}
