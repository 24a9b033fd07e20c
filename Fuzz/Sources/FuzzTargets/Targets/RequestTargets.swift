import FaceqSupport
import HTTPService

/// What comes over the network.
let requestTargets = [
  FuzzTarget(
    "target", "what a request is about: path and query",
    seeds: { ["path": Array("/v1/people/Ada%20L?a=1&b=x+y#c".utf8), "whole": Array("http://h:1/a".utf8)] },
    run: { bytes in
      if let target = try? RequestTarget(bytes) {
        _ = try? router.match(.get, target.path)
        _ = target["a"]
      }
    }),
  FuzzTarget(
    "form", "a request's headers and, behind an empty line, its body",
    seeds: {
      let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nx\r\n"
      return [
        "multipart": Array("content-type: multipart/form-data; boundary=b\n\n\(part)\(part)--b--\r\n".utf8),
        "urlencoded": Array("content-type: application/x-www-form-urlencoded\n\na=1&b=%C3%A9".utf8),
        "json": Array(
          "content-type: application/json\nhost: localhost:1\norigin: http://localhost:1\n\n{\"a\":1}".utf8),
        "keys": Array("authorization: Bearer 0123456789abcdef\ncookie: faceq_session=00\nhost: [::1]:80\n\n".utf8),
      ]
    }, run: readForm),
  FuzzTarget(
    "http", "what a client sends to a server, in up to three pieces",
    seeds: {
      let (host, json) = ("Host: localhost\r\n", "Content-Type: application/json\r\n")
      return [
        "get": Array("\0GET /v1/people?a=1 HTTP/1.1\r\n\(host)\r\n".utf8),
        "post": Array("\u{9}POST /v1/people HTTP/1.1\r\n\(host)\(json)Content-Length: 2\r\n\r\n{}".utf8),
        "chunked": Array("\u{5}PUT /a HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".utf8),
        "two": Array("\u{1}HEAD / HTTP/1.1\r\n\(host)\r\nGET / HTTP/1.0\r\n\r\n".utf8),
      ]
    }, run: { FuzzedServer.shared.send($0) }),
]

private nonisolated(unsafe) let router: Router<Int> = {
  var router = Router<Int>()
  router.add(.get, "/", 0)
  router.add(.get, "/v1/people", 1)
  router.add(.post, "/v1/people/{name}/faces", 2)
  router.add(.delete, "/v1/people/{name}", 3)
  return router
}()

private let requestGuard = RequestGuard(hosts: ["door.local"])
private let keys: APIKeys? = {
  let file = InputFile()
  return try? APIKeys(path: file.holding(Array("0123456789abcdef\n".utf8)))
}()

/// What a service does with every request.
func answer(_ request: HTTPRequest) -> HTTPResponse {
  do throws(HTTPFailure) {
    try requestGuard.check(request)
    try keys?.check(request, stated: request.target["key"])
    if let parts = try request.formParts(limit: 16) {
      precondition(parts.reduce(0) { $0 + $1.content.count } <= request.body.count * 3 + 64)
      _ = parts.map { ($0.text, $0.fileName) }
    }
    _ = try router.match(request.method, request.target.path)
    _ = try request.json()
    return .text("ok")
  } catch {
    return error.response
  }
}

@Sendable private func readForm(_ bytes: UnsafeRawBufferPointer) {
  var headers = HTTPHeaders()
  var rest = bytes[...]
  while let end = rest.firstIndex(of: 10) {
    let line = rest[..<end]
    rest = rest[(end + 1)...]
    guard !line.isEmpty else { break }
    let name = line.prefix { $0 != UInt8(ascii: ":") }
    let value = line.dropFirst(name.count + 1)
    headers.add(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
  }
  guard let target = try? RequestTarget("/v1/people".utf8) else { return }
  let request = HTTPRequest(method: .post, target: target, headers: headers, body: Array(rest))
  _ = answer(request)
  _ = try? request.formParts()
  _ = try? request.json()
}
