internal import CSystem

/// Refuses requests that a web page of somebody else lets a browser send.
///
/// Any page can make its visitor's browser send requests to a port of this machine, and by DNS can make the browser believe
/// that the page is from there. A browser says in `Host` which name it asked, and in `Origin` and `Sec-Fetch-Site` which
/// page asks.
package struct RequestGuard: Sendable {
  /// The names that this service is asked by, in lower-case letters; addresses are always allowed, because no DNS is asked
  /// for them.
  private let hosts: [String]

  /// - Parameter hosts: names besides `localhost` and this machine's.
  package init(hosts: [String]) {
    var known = ["localhost"] + hosts.map { lowercasedASCII($0) }
    if let name = hostName() {
      known.append(name)
      known.append(name + ".local")
    }
    self.hosts = known
  }

  package func check(_ request: HTTPRequest) throws(HTTPFailure) {
    let stated = request.headers.values("host")
    guard stated.count == 1 else {
      throw HTTPFailure(.badRequest, "malformed", "a request names one host in its header Host")
    }
    let host = lowercasedASCII(stated[0])
    guard isAllowed(nameOf(host)) else {
      throw HTTPFailure(
        .forbidden, "other_host", "the service is not asked by this name; ask by an allowed one or by the address")
    }
    if let origin = request.headers["origin"].map({ lowercasedASCII($0) }) {
      let ours = ["http://", "https://"].contains { origin.utf8.elementsEqual(($0 + host).utf8) }
      guard ours else {
        throw HTTPFailure(.forbidden, "other_origin", "pages from elsewhere cannot use this service")
      }
    } else if let site = request.headers["sec-fetch-site"], site.utf8.elementsEqual("cross-site".utf8),
      !isNavigation(request)
    {
      throw HTTPFailure(.forbidden, "other_origin", "pages from elsewhere cannot use this service")
    }
  }

  /// Whether somebody follows a link to a page here.
  private func isNavigation(_ request: HTTPRequest) -> Bool {
    request.method == .get && request.target.path.isEmpty
      && request.headers["sec-fetch-mode"].map { $0.utf8.elementsEqual("navigate".utf8) } ?? false
  }

  private func isAllowed(_ name: String) -> Bool {
    isAddress(name) || hosts.contains { $0.utf8.elementsEqual(name.utf8) }
  }
}

/// A host without its port: `[::1]` of `[::1]:8765`.
private func nameOf(_ host: String) -> String {
  let bytes = Array(host.utf8)
  if bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")) {
    return String(decoding: bytes[...end], as: UTF8.self)
  }
  return String(decoding: bytes.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
}

/// Whether a name is a number: `192.168.1.5` or `[fe80::1]`.
private func isAddress(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  if bytes.first == UInt8(ascii: "[") { return bytes.last == UInt8(ascii: "]") }
  let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  return parts.count == 4
    && parts.allSatisfy { part in
      (1...3).contains(part.count) && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

/// This machine's name in lower-case letters.
private func hostName() -> String? {
  var name = [CChar](repeating: 0, count: 256)
  guard system_gethostname(&name, name.count - 1) == 0, name[0] != 0 else { return nil }
  return lowercasedASCII(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
}
