import FaceqSupport
import Foundation
import HTTPService
import Testing

private func request(_ headers: [(String, String)], path: String = "/v1/people") throws -> HTTPRequest {
  var all = HTTPHeaders()
  for (name, value) in headers { all.add(name, value) }
  return HTTPRequest(method: .get, target: try RequestTarget(path.utf8), headers: all)
}

@Test(arguments: ["localhost", "LOCALHOST:8765", "127.0.0.1", "10.0.0.3:80", "[::1]:8765", "faces.example.org"])
func knownHostsMayBeAsked(_ host: String) throws {
  try RequestGuard(hosts: ["Faces.example.org"]).check(request([("Host", host)]))
}

@Test(arguments: ["evil.example", "localhost.evil.example", "1.2.3", "1.2.3.4.5", "1.2.3.x", "[::1", ""])
func otherHostsMayNot(_ host: String) throws {
  let request = try request([("Host", host)])
  #expect(throws: HTTPFailure.self) { try RequestGuard(hosts: []).check(request) }
}

@Test func pagesFromElsewhereAreRefused() throws {
  let check = { (headers: [(String, String)]) throws in
    try RequestGuard(hosts: []).check(request([("Host", "localhost:1")] + headers))
  }
  try check([("Origin", "http://localhost:1")])
  try check([("Origin", "https://localhost:1")])
  try check([("Sec-Fetch-Site", "same-origin")])
  for origin in ["http://localhost", "http://localhost:2", "null", "http://evil.example"] {
    #expect(throws: HTTPFailure.self) { try check([("Origin", origin)]) }
  }
  #expect(throws: HTTPFailure.self) { try check([("Sec-Fetch-Site", "cross-site")]) }
  #expect(throws: HTTPFailure.self) { try check([("Host", "localhost")]) }
  // A link to the page may be followed from anywhere.
  try RequestGuard(hosts: []).check(
    request([("Host", "localhost"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")], path: "/"))
}

@Test func keysOpen() throws {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)").path
  defer { try? FileManager.default.removeItem(atPath: path) }
  try "# a comment\nfirst-key-of-the-tests\n\n second-key-of-the-tests \r\n".write(
    toFile: path, atomically: true, encoding: .utf8)
  let keys = try APIKeys(path: FilePath(path))
  try keys.check(request([("X-API-Key", "first-key-of-the-tests")]))
  try keys.check(request([("Authorization", "bearer  second-key-of-the-tests")]))
  try keys.check(request([]), stated: "first-key-of-the-tests")
  for wrong in ["first-key-of-the-test", "first-key-of-the-testsx", "", "# a comment"] {
    let request = try request([("X-API-Key", wrong)])
    #expect(throws: HTTPFailure.self) { try keys.check(request) }
  }

  let cookie = try keys.signIn("first-key-of-the-tests", isSecure: true)
  #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("; Secure"))
  let visit = try request([("Cookie", "other=1; " + String(try #require(cookie.split(separator: ";").first)))])
  try keys.check(visit)
  #expect(keys.signOut(visit).contains("Max-Age=0"))
  #expect(throws: HTTPFailure.self) { try keys.check(visit) }

  try "short\n".write(toFile: path, atomically: true, encoding: .utf8)
  #expect(throws: FaceqError.self) { try APIKeys(path: FilePath(path)) }
  try "# nothing\n".write(toFile: path, atomically: true, encoding: .utf8)
  #expect(throws: FaceqError.self) { try APIKeys(path: FilePath(path)) }
}
