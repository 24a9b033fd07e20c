@_spi(_Unicode) import Swift
import FaceqSupport

/// A person's name in a bank: in Unicode's normal form C, so that it is one name whichever keyboard wrote it, and
/// compared by its bytes.
public struct PersonName: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let description: String

  public init(_ text: String) {
    var normal = ""
    for scalar in text._nfc { normal.unicodeScalars.append(scalar) }
    description = normal
  }

  public init(stringLiteral text: String) { self.init(text) }

  /// - Throws: where the bytes are no text in UTF-8, or no name: 1 to 200 bytes without control characters.
  public init(bytes: some Collection<UInt8>) throws(FaceqError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FaceqError("a person's name must be text in UTF-8, and \(escapedText(bytes)) is not; choose another name")
    }
    self.init(text)
    guard isPossible else {
      throw FaceqError("a person's name has 1 to 200 bytes and no control characters; choose another name")
    }
  }

  var isPossible: Bool {
    let bytes = description.utf8
    return (1...200).contains(bytes.count) && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
  }

  public static func == (left: PersonName, right: PersonName) -> Bool {
    left.description.utf8.elementsEqual(right.description.utf8)
  }

  public static func < (left: PersonName, right: PersonName) -> Bool {
    left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for byte in description.utf8 { hasher.combine(byte) }
  }
}
