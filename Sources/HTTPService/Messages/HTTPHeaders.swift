/// The headers of a message, in their order.
package struct HTTPHeaders: Sendable {
  package struct Header: Sendable {
    /// In lower-case letters.
    package var name: String
    package var value: String
  }

  package private(set) var all: [Header] = []

  package init() {}

  package mutating func add(_ name: String, _ value: String) {
    all.append(Header(name: lowercasedASCII(name), value: value))
  }

  /// The value of the first header of this name, which is in lower-case letters.
  package subscript(_ name: String) -> String? { values(name).first }

  package func values(_ name: String) -> [String] {
    all.filter { $0.name.utf8.elementsEqual(name.utf8) }.map { $0.value }
  }
}

/// The text with `A` to `Z` in lower case.
package func lowercasedASCII(_ text: String) -> String {
  String(decoding: text.utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}

/// The text without spaces and tabs at its ends.
func trimmedASCII(_ text: some StringProtocol) -> String {
  let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
  let rest = Array(text.utf8.drop(while: isSpace))
  return String(decoding: rest.prefix(rest.count - rest.reversed().prefix(while: isSpace).count), as: UTF8.self)
}
