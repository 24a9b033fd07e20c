import FaceqSupport
import HTTPService
import Testing

private func fieldsOf(_ body: String) throws -> HTTPRequest { try request("application/x-www-form-urlencoded", body) }

private func request(_ type: String, _ body: String) throws -> HTTPRequest {
  var headers = HTTPHeaders()
  headers.add("Content-Type", type)
  return HTTPRequest(method: .post, target: try RequestTarget("/".utf8), headers: headers, body: Array(body.utf8))
}

@Test func targetsAreDecoded() throws {
  let target = try RequestTarget("/v1//people/A%2FB%20C/?a=1&b=x+y%26&&c#d".utf8)
  #expect(target.path == ["v1", "people", "A/B C"])
  #expect(target["a"] == "1" && target["b"] == "x y&" && target["c"] == "" && target["d"] == nil)
  #expect(try RequestTarget("http://host:1/a?b".utf8).path == ["a"])
  #expect(try RequestTarget("http://host".utf8).path == [])
  for wrong in ["/%", "/%4", "/%zz", "/%ff", "*", ""] {
    #expect(throws: HTTPFailure.self, "\(wrong)") { try RequestTarget(wrong.utf8) }
  }
}

@Test func formsAreTakenApart() throws {
  let body =
    "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"n\\\"1\"\r\n\r\nvalue\r\n--b\r\n"
    + "content-disposition: form-data; filename=\"a;b.jpg\"; name=f\r\nContent-Type: image/jpeg\r\n\r\n\r\n--not b\r\n\r\n--b\r\n"
    + "Content-Disposition: form-data; name=empty\r\n\r\n\r\n--b--\r\n"
  let parts = try #require(try request("multipart/form-data; charset=x; boundary=\"b\"", body).formParts())
  #expect(parts.map { $0.name } == ["n\"1", "f", "empty"])
  #expect(parts.map { $0.fileName } == [nil, "a;b.jpg", nil])
  #expect(parts.map { $0.text } == ["value", "\r\n--not b\r\n", ""])
  let fields = try #require(try request("application/x-www-form-urlencoded", "a=1&b=%C3%A9").formParts())
  #expect(fields.map { $0.text } == ["1", "é"])
  #expect(try request("image/jpeg", "x").formParts() == nil)
}

@Test(arguments: [
  "", "--b", "--b\r\n", "--bx\r\n\r\n--b--", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nno end",
  "--b\r\nContent-Type: text/plain\r\n\r\nno name\r\n--b--",
])
func formsThatAreNoneAreRefused(_ body: String) throws {
  let request = try request("multipart/form-data; boundary=b", body)
  #expect(throws: HTTPFailure.self) { try request.formParts() }
}

@Test func formsHaveLimits() throws {
  let part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n"
  let request = try request("multipart/form-data; boundary=b", String(repeating: part, count: 65) + "--b--")
  #expect(throws: HTTPFailure.self) { try request.formParts() }
  #expect(try request.formParts(limit: 65)?.count == 65)
  let names = [String](repeating: "a=1", count: 65).joined(separator: "&")
  let fields = try fieldsOf(names)
  #expect(throws: HTTPFailure.self) { try fields.formParts() }
  #expect(try fields.formParts(limit: 65)?.count == 65)
}

@Test func routesAreFound() throws {
  var router = Router<Int>()
  router.add(.get, "/", 0)
  router.add(.get, "/people/{name}", 1)
  router.add(.delete, "/people/{name}", 2)
  router.add(.get, "/people/{name}/faces/{id}", 3)
  let match = try router.match(.get, ["people", "Ada", "faces", "7"])
  #expect(match.route == 3 && match.parameters == ["Ada", "7"])
  #expect(try router.match(.head, []).route == 0)
  #expect(try router.match(.delete, ["people", "Ada"]).route == 2)
  do {
    _ = try router.match(.put, ["people", "Ada"])
    Issue.record("a method that is not there was found")
  } catch {
    #expect(error.status == .methodNotAllowed && error.allowed == [.get, .delete])
  }
  do {
    _ = try router.match(.get, ["people"])
    Issue.record("a path that is not there was found")
  } catch {
    #expect(error.status == .notFound)
  }
}

@Test func failuresAreJSON() {
  let response = HTTPFailure(.unavailable, "busy", "a \"word\"", retryAfter: 2).response
  #expect(String(decoding: response.body, as: UTF8.self) == #"{"error": {"code": "busy", "message": "a \"word\""}}"#)
  #expect(response.headers["retry-after"] == "2")
}
