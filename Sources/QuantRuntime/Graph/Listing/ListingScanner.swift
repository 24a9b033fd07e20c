import CSystem
import FaceqSupport

/// Reads one line of a listing from left to right. Spaces between its parts do not matter.
struct ListingScanner {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let line: Int

  /// - Parameter line: its number, for messages.
  init(_ bytes: ArraySlice<UInt8>, line: Int) {
    self.bytes = bytes
    self.line = line
    position = bytes.startIndex
  }

  var isAtEnd: Bool {
    mutating get {
      skipSpaces()
      return position == bytes.endIndex
    }
  }

  /// Goes on behind one of `texts`, where the line goes on with it; a word must end there.
  mutating func accept(_ texts: String...) -> Bool {
    skipSpaces()
    for text in texts {
      let end = position + text.utf8.count
      guard end <= bytes.endIndex, bytes[position..<end].elementsEqual(text.utf8) else { continue }
      if let last = text.utf8.last, isLetter(last), end < bytes.endIndex, isLetter(bytes[end]) { continue }
      position = end
      return true
    }
    return false
  }

  mutating func expect(_ texts: String..., as name: String) throws(FaceqError) {
    for text in texts where accept(text) { return }
    throw failure(expected: name)
  }

  /// A whole number of a range.
  mutating func number(_ range: ClosedRange<Int>, _ name: String) throws(FaceqError) -> Int {
    skipSpaces()
    var number = 0
    let start = position
    while position < bytes.endIndex, isDigit(bytes[position]), position - start < 7 {
      number = number * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    guard position > start, position == bytes.endIndex || !isDigit(bytes[position]), range.contains(number) else {
      position = start
      throw failure(expected: "\(name), \(range.lowerBound) to \(range.upperBound),")
    }
    return number
  }

  /// Whether a digit comes next.
  var isAtNumber: Bool {
    mutating get {
      skipSpaces()
      return position < bytes.endIndex && isDigit(bytes[position])
    }
  }

  /// A finite number such as −0.25, 127.5 or 1e-05.
  mutating func float(_ name: String) throws(FaceqError) -> Float {
    let isNegative = accept("-", "−")
    skipSpaces()
    let start = position
    while position < bytes.endIndex, position - start < 32, isPartOfFloat(at: position, start: start) { position += 1 }
    guard let value = parsedFloat(Array(bytes[start..<position])), value.isFinite else {
      position = start
      throw failure(expected: name)
    }
    return isNegative ? -value : value
  }

  private func isPartOfFloat(at index: Int, start: Int) -> Bool {
    switch bytes[index] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    // Two dots are a range.
    case UInt8(ascii: "."): index + 1 == bytes.endIndex || bytes[index + 1] != UInt8(ascii: ".")
    case UInt8(ascii: "e"): index > start
    case UInt8(ascii: "-"), UInt8(ascii: "+"): index > start && bytes[index - 1] == UInt8(ascii: "e")
    default: false
    }
  }

  /// A value that an earlier node writes, such as %3.
  mutating func value(before count: Int) throws(FaceqError) -> Int {
    guard accept("%") else { throw failure(expected: "a value such as %\(max(count - 1, 0))") }
    guard count > 0 else { throw failure(expected: "no value, because there is none before this one,") }
    return try number(0...count - 1, "the number of an earlier value")
  }

  /// An error that says what should be here and what is.
  func failure(expected: String) -> FaceqError {
    var found = ""
    for scalar in String(decoding: bytes[position...].prefix(24), as: UTF8.self).unicodeScalars {
      found.unicodeScalars.append(isUnsafe(scalar) ? "?" : scalar)
    }
    let rest = found.isEmpty ? "the line ends" : "there is \"\(found)\""
    return FaceqError("line \(line) of the graph: \(expected) is expected, and \(rest)")
  }

  private mutating func skipSpaces() {
    while position < bytes.endIndex, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

private func isLetter(_ byte: UInt8) -> Bool { byte | 32 >= UInt8(ascii: "a") && byte | 32 <= UInt8(ascii: "z") }

/// The number that a text of digits is; nil where it is anything else.
func parsedFloat(_ text: [UInt8]) -> Float? {
  guard !text.isEmpty else { return nil }
  let characters = text.map { CChar(bitPattern: $0) } + [0]
  return characters.withUnsafeBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return nil }
    var end: UnsafeMutablePointer<CChar>?
    let value = strtof(start, &end)
    return end.map { UnsafePointer($0) == start + text.count } ?? false ? value : nil
  }
}
