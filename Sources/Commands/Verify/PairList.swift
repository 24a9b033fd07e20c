import QuantRuntime

/// Two images, and whether they show the same person.
struct FacePair {
  var left: String
  var right: String
  var isSame: Bool
}

/// Reads a CSV file (RFC 4180) with the header `left,right,same`; `same` is 1 or true, 0 or false.
///
/// - Throws: one sentence that names the file and the line.
func readPairs(path: String) throws(FaceqError) -> [FacePair] {
  let file = try MappedFile(path: path)
  return try withExtendedLifetime(file) { () throws(FaceqError) -> [FacePair] in
    var scanner = CSVScanner(bytes: file.bytes)
    func wrong(_ what: String) -> FaceqError {
      FaceqError("\(path), line \(scanner.line): \(what); the first line must be left,right,same and each other a pair")
    }
    guard scanner.row() == ["left", "right", "same"] else { throw wrong("this is not a list of pairs") }
    var pairs: [FacePair] = []
    while !scanner.isAtEnd {
      guard let fields = scanner.row() else { throw wrong("the row is not CSV in UTF-8") }
      if fields == [""] { continue }
      guard fields.count == 3, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw wrong("there are \(fields.count) fields where two images and a number belong")
      }
      switch fields[2] {
      case "1", "true", "True": pairs.append(FacePair(left: fields[0], right: fields[1], isSame: true))
      case "0", "false", "False": pairs.append(FacePair(left: fields[0], right: fields[1], isSame: false))
      default: throw wrong("the last field must be 1 for the same person or 0 for different ones")
      }
    }
    return pairs
  }
}

private struct CSVScanner {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// Of the row that was read last, from 1 on.
  private(set) var line = 0

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  var isAtEnd: Bool { position >= bytes.count }

  /// The fields of the next row; nil where it is not UTF-8 or a quotation mark is not closed.
  mutating func row() -> [String]? {
    line += 1
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    func text() -> String? { field.contains(0) ? nil : String(validating: field, as: UTF8.self) }
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          field.append(byte)
        } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
          field.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: "\""), field.isEmpty {
        isQuoted = true
      } else if byte == UInt8(ascii: ",") {
        guard let text = text() else { return nil }
        fields.append(text)
        field.removeAll(keepingCapacity: true)
      } else if byte == UInt8(ascii: "\n") {
        break
      } else if byte != UInt8(ascii: "\r") {
        field.append(byte)
      }
    }
    guard !isQuoted, let text = text() else { return nil }
    return fields + [text]
  }
}
