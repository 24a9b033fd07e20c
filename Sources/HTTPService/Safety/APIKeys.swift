package import FaceqSupport

/// The keys that open a service, and the browsers that signed in with one.
package final class APIKeys: @unchecked Sendable {
  private struct Visit {
    var token: [UInt8]
    var end: Double
  }

  private let keys: [[UInt8]]
  private let lock = Lock()
  private var visits: [Visit] = []
  private var failures = 0
  private var firstFailure = 0.0

  package static let cookie = "faceq_session"
  private static let visitSeconds = 12 * 3600.0
  private static let visitLimit = 64

  /// - Parameter path: a file with a key of at least 16 characters on each line; lines that begin with `#` do not count.
  package init(path: FilePath) throws(FaceqError) {
    let file = try MappedFile(path: path)
    var keys: [[UInt8]] = []
    for line in withExtendedLifetime(file, { Array(file.bytes) }).split(separator: UInt8(ascii: "\n")) {
      let key = line.filter { $0 > 0x20 }
      guard !key.isEmpty, key.first != UInt8(ascii: "#") else { continue }
      guard (16...256).contains(key.count) else {
        throw FaceqError("\(path) has a key of \(key.count) characters; write keys of 16 to 256, one on each line")
      }
      keys.append(Array(key))
    }
    guard !keys.isEmpty else { throw FaceqError("\(path) has no key; write one of at least 16 characters into it") }
    self.keys = keys
  }

  /// Fails unless the request brings a key, in `X-API-Key` or as a bearer's, or the cookie of a browser that signed in.
  ///
  /// - Parameter stated: a key from elsewhere in the request.
  package func check(_ request: HTTPRequest, stated: String? = nil) throws(HTTPFailure) {
    if let key = stated ?? request.headers["x-api-key"] ?? bearer(request) {
      try check(key: Array(key.utf8))
    } else if !hasVisit(request) {
      throw HTTPFailure(.unauthorised, "unauthorised", "this needs a key, in the header X-API-Key; or sign in first")
    }
  }

  /// Signs a browser in.
  ///
  /// - Returns: the value of its cookie's header.
  package func signIn(_ key: String, isSecure: Bool) throws(HTTPFailure) -> String {
    try check(key: Array(key.utf8))
    guard let token = try? Array(hexadecimal(randomBytes(32)).utf8) else {
      throw HTTPFailure(.internalError, "no_random_bytes", "the system gives no random bytes")
    }
    lock.with {
      visits.removeAll { $0.end < monotonicSeconds() }
      if visits.count >= Self.visitLimit { visits.removeFirst() }
      visits.append(Visit(token: token, end: monotonicSeconds() + Self.visitSeconds))
    }
    return cookie(String(decoding: token, as: UTF8.self), seconds: Int(Self.visitSeconds), isSecure)
  }

  /// Signs a browser out; the value of the header that takes its cookie away.
  package func signOut(_ request: HTTPRequest) -> String {
    let tokens = tokens(request)
    lock.with { visits.removeAll { visit in tokens.contains { isEqual($0, visit.token) } } }
    return cookie("", seconds: 0, false)
  }

  private func cookie(_ token: String, seconds: Int, _ isSecure: Bool) -> String {
    "\(Self.cookie)=\(token); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
  }

  private func check(key: [UInt8]) throws(HTTPFailure) {
    // Every key is compared, whichever is right.
    let isRight = keys.count { isEqual($0, key) } > 0
    let mustWait = lock.with { () -> Bool in
      let now = monotonicSeconds()
      if now - firstFailure > 60 { (failures, firstFailure) = (0, now) }
      // A right key is let in even then: others must not lock its owner out.
      if !isRight { failures += 1 }
      return failures > 20
    }
    guard !isRight else { return }
    guard !mustWait else {
      throw HTTPFailure(.tooManyRequests, "too_many_wrong_keys", "too many wrong keys; try again later", retryAfter: 60)
    }
    throw HTTPFailure(.unauthorised, "unauthorised", "this key is not one of the service's")
  }

  private func bearer(_ request: HTTPRequest) -> String? {
    guard let value = request.headers["authorization"], lowercasedASCII(value).utf8.starts(with: "bearer ".utf8) else {
      return nil
    }
    return trimmedASCII(String(decoding: value.utf8.dropFirst(7), as: UTF8.self))
  }

  private func hasVisit(_ request: HTTPRequest) -> Bool {
    let tokens = tokens(request)
    guard !tokens.isEmpty else { return false }
    let now = monotonicSeconds()
    return lock.with {
      visits.contains { visit in visit.end > now && tokens.contains { isEqual($0, visit.token) } }
    }
  }

  /// The values of this service's cookie.
  private func tokens(_ request: HTTPRequest) -> [[UInt8]] {
    let prefix = Array((Self.cookie + "=").utf8)
    return request.headers.values("cookie").flatMap { header in
      header.utf8.split(separator: UInt8(ascii: ";")).compactMap { item in
        let item = item.drop { $0 == 0x20 }
        return item.starts(with: prefix) ? Array(item.dropFirst(prefix.count)) : nil
      }
    }
  }
}

/// Whether two texts are equal, in a time that tells nothing about where they differ.
private func isEqual(_ known: [UInt8], _ given: [UInt8]) -> Bool {
  var difference = known.count ^ given.count
  for index in known.indices {
    difference |= Int(known[index] ^ (index < given.count ? given[index] : 0xff))
  }
  return difference == 0
}
