internal import FaceqSupport

/// What a request is about: a path and a query, both decoded.
package struct RequestTarget: Sendable {
  package struct Item: Sendable, Equatable {
    package var name: String
    package var value: String
  }

  /// What lies between the slashes of the path: none of `/`.
  package let path: [String]
  package let query: [Item]

  /// - Parameter uri: `/people/Ada%20L?full=1`, or with a scheme and an authority in front.
  /// - Throws: where an escape is none, or the result is no text in UTF-8.
  package init(_ uri: some Sequence<UInt8>) throws(HTTPFailure) {
    var bytes = Array(uri)
    if bytes.first != UInt8(ascii: "/") {
      // An absolute form: what follows the authority.
      guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
        throw HTTPFailure(.badRequest, "malformed", "the request names no path")
      }
      let authority = bytes[(colon + 3)...]
      bytes = authority.firstIndex(of: UInt8(ascii: "/")).map { Array(bytes[$0...]) } ?? [UInt8(ascii: "/")]
    }
    let whole = bytes.prefix { $0 != UInt8(ascii: "#") }
    let path = whole.prefix { $0 != UInt8(ascii: "?") }
    var parts: [String] = []
    for part in path.split(separator: UInt8(ascii: "/")) { parts.append(try decoded(part, plusIsSpace: false)) }
    self.path = parts
    query = try Self.items(whole.dropFirst(path.count + 1))
  }

  /// The value of the first item of this name in the query.
  package subscript(_ name: String) -> String? {
    query.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// `a=1&b=x+y` decoded.
  static func items(_ bytes: some Collection<UInt8>) throws(HTTPFailure) -> [Item] {
    var items: [Item] = []
    for item in Array(bytes).split(separator: UInt8(ascii: "&")) {
      let name = item.prefix { $0 != UInt8(ascii: "=") }
      items.append(
        Item(
          name: try decoded(name, plusIsSpace: true),
          value: try decoded(item.dropFirst(name.count + 1), plusIsSpace: true)))
    }
    return items
  }
}

private func decoded(_ bytes: some Collection<UInt8>, plusIsSpace: Bool) throws(HTTPFailure) -> String {
  var text: [UInt8] = []
  var rest = Array(bytes)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%") {
      guard let high = rest.popFirst().flatMap(hexadecimalDigit), let low = rest.popFirst().flatMap(hexadecimalDigit)
      else { throw HTTPFailure(.badRequest, "malformed", "the request's target has an escape that is none") }
      text.append(high << 4 | low)
    } else {
      text.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
    }
  }
  guard let text = String(validating: text, as: UTF8.self) else {
    throw HTTPFailure(.badRequest, "malformed", "the request's target is no text in UTF-8")
  }
  return text
}
