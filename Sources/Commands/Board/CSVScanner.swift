/// Reads the rows of a CSV text (RFC 4180), whose lines may also end as on Windows; a byte order mark at the
/// beginning does not count.
struct CSVScanner {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// The number of the row that was read last, from 1 on.
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
      } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if byte == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        break
      } else {
        field.append(byte)
      }
    }
    fields.append(field)
    return isQuoted || fields.contains { $0.contains(0) } ? nil : fields
  }
}
