package import FaceqSupport

/// An address such as `http://192.168.1.20:8080/stream`. The host is an IPv4 address, or localhost: a static program has
/// nobody to ask for the address of a name.
package struct HTTPAddress: Sendable, Equatable {
  package let host: String
  /// The four bytes of the host's IPv4 address as one number, the first in the highest place.
  package let number: UInt32
  package let port: UInt16
  /// With what follows it, such as a query; begins with a slash.
  package let path: String

  /// - Throws: one sentence that says what is wrong.
  package init(_ text: String) throws(FaceqError) {
    func wrong(_ what: String) -> FaceqError {
      FaceqError("\(text) cannot be read: \(what); write http://ADDRESS:PORT/PATH")
    }
    let scheme = "http://"
    guard text.utf8.starts(with: scheme.utf8) else { throw wrong("only http is spoken here") }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw wrong("it is not all printable ASCII") }
    let rest = Array(text.utf8.dropFirst(scheme.utf8.count))
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    let place = rest[..<end].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard place.count <= 2 else { throw wrong("the host is no IPv4 address") }
    host = String(decoding: place[0], as: UTF8.self)
    var port: UInt16 = 80
    if place.count == 2 {
      guard let stated = UInt16(String(decoding: place[1], as: UTF8.self)), stated > 0 else {
        throw wrong("the port is no number from 1 to 65535")
      }
      port = stated
    }
    self.port = port
    guard let number = Self.ipv4(host) else {
      throw wrong("the host is neither an IPv4 address nor localhost, and names are not looked up")
    }
    self.number = number
    let tail = String(decoding: rest[end...], as: UTF8.self)
    path = rest[end...].first == UInt8(ascii: "/") ? tail : "/" + tail
  }

  private static func ipv4(_ host: String) -> UInt32? {
    if host == "localhost" { return 0x7f00_0001 }
    let parts = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      guard let byte = UInt8(String(decoding: part, as: UTF8.self)) else { return nil }
      number = number << 8 | UInt32(byte)
    }
    return number
  }
}

extension HTTPAddress: CustomStringConvertible {
  package var description: String { "http://\(host):\(port)\(path)" }
}
