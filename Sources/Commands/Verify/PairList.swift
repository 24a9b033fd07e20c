import QuantRuntime

/// Two images, and whether they show the same person.
struct FacePair {
  var left: FilePath
  var right: FilePath
  var isSame: Bool
}

/// Reads a CSV file (RFC 4180) with the header `left,right,same`; `same` is 1 or true, 0 or false.
///
/// - Throws: one sentence that names the file and the line.
func readPairs(path: FilePath) throws(FaceqError) -> [FacePair] {
  let file = try MappedFile(path: path)
  return try withExtendedLifetime(file) { () throws(FaceqError) -> [FacePair] in
    let header = ["left", "right", "same"].map { Array($0.utf8) }
    var scanner = CSVScanner(bytes: file.bytes)
    func wrong(_ what: String) -> FaceqError {
      FaceqError("\(path), line \(scanner.line): \(what); the first line must be left,right,same and each other a pair")
    }
    guard scanner.row() == header else { throw wrong("this is not a list of pairs") }
    var pairs: [FacePair] = []
    while !scanner.isAtEnd {
      guard let fields = scanner.row() else { throw wrong("the row is not CSV") }
      if fields == [[]] { continue }
      guard fields.count == 3, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw wrong("there are \(fields.count) fields where two images and a number belong")
      }
      let (left, right) = (FilePath(bytes: fields[0]), FilePath(bytes: fields[1]))
      switch String(decoding: fields[2], as: UTF8.self) {
      case "1", "true", "True": pairs.append(FacePair(left: left, right: right, isSame: true))
      case "0", "false", "False": pairs.append(FacePair(left: left, right: right, isSame: false))
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

  /// The fields of the next row; nil where it holds a zero or a quotation mark is not closed.
  mutating func row() -> [[UInt8]]? {
    line += 1
    var fields: [[UInt8]] = []
    var field: [UInt8] = []
    var isQuoted = false
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
        fields.append(field)
        field.removeAll(keepingCapacity: true)
      } else if byte == UInt8(ascii: "\n") {
        break
      } else if byte != UInt8(ascii: "\r") {
        field.append(byte)
      }
    }
    fields.append(field)
    return isQuoted || fields.contains { $0.contains(0) } ? nil : fields
  }
}
