import FaceqSupport

/// Reads the fields of one protobuf message where it lies in its file.
///
/// It knows the wire format alone (varints, fixed numbers, length-prefixed bytes): who calls it knows which field
/// number means what, and skips the numbers that it does not know. Nothing is copied and nothing recurses.
struct ProtobufReader {
  private var bytes: ByteReader

  /// `range` must lie within the file; `part` is what messages call this message: "its graph".
  init(_ file: CheckpointFile, _ range: Range<Int>, part: String) {
    bytes = ByteReader(file, range, part: part)
  }

  /// The next field, or nil behind the last one.
  mutating func next() throws(FaceqError) -> ProtobufField? {
    guard bytes.remaining > 0 else { return nil }
    let start = bytes.position
    let key = try varint()
    let number = key >> 3
    let value: ProtobufField.Value
    switch key & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try bytes.integer())
    case 2:
      guard let length = Int(exactly: try varint()) else {
        throw bytes.file.damaged("\(bytes.part) holds an impossible length, at byte \(start)")
      }
      value = .bytes(try bytes.take(length))
    case 5: value = .fixed32(try bytes.integer())
    default: throw bytes.file.damaged("\(bytes.part) holds a field of an unknown kind, at byte \(start)")
    }
    guard (1...0x1FFF_FFFF).contains(number) else {
      throw bytes.file.damaged("\(bytes.part) holds a field without a number, at byte \(start)")
    }
    return ProtobufField(file: bytes.file, part: bytes.part, start: start, number: Int(number), value: value)
  }

  /// Seven bits a byte, the lowest first; the top bit says that more follow.
  mutating func varint() throws(FaceqError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let byte: UInt8 = try bytes.integer()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw bytes.file.damaged("\(bytes.part) holds a number of more than 64 bits, at byte \(bytes.position)")
  }

  var isAtEnd: Bool { bytes.remaining == 0 }
}

/// One field of a message: its number, and its value as the wire holds it.
struct ProtobufField {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// A text, a message, or packed numbers: where they lie in the file.
    case bytes(Range<Int>)
  }

  let file: CheckpointFile
  let part: String
  let start: Int
  let number: Int
  let value: Value

  func integer() throws(FaceqError) -> Int {
    guard case .varint(let value) = value else { throw unexpected("an integer") }
    return Int(truncatingIfNeeded: value)
  }

  func float() throws(FaceqError) -> Float {
    guard case .fixed32(let bits) = value else { throw unexpected("a number of 32 bits") }
    return Float(bitPattern: bits)
  }

  func bytes() throws(FaceqError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw unexpected("a text or a message") }
    return range
  }

  func text() throws(FaceqError) -> String {
    var reader = ByteReader(file, try bytes(), part: part)
    return try reader.text(reader.remaining)
  }

  func message(_ part: String) throws(FaceqError) -> ProtobufReader {
    ProtobufReader(file, try bytes(), part: part)
  }

  /// Adds a repeated integer's elements, packed or one by one.
  func integers(to list: inout [Int], limit: Int = .max) throws(FaceqError) {
    if case .bytes(let range) = value {
      var reader = ProtobufReader(file, range, part: part)
      while !reader.isAtEnd {
        guard list.count < limit else { throw file.damaged("\(part) holds more than \(limit) numbers in a list") }
        list.append(Int(truncatingIfNeeded: try reader.varint()))
      }
    } else {
      guard list.count < limit else { throw file.damaged("\(part) holds more than \(limit) numbers in a list") }
      list.append(try integer())
    }
  }

  /// Adds a repeated float's elements, packed or one by one.
  func floats(to list: inout [Float]) throws(FaceqError) {
    guard case .bytes(let range) = value else { return list.append(try float()) }
    var reader = ByteReader(file, range, part: part)
    while reader.remaining > 0 { list.append(Float(bitPattern: try reader.integer())) }
  }

  /// Adds a repeated double's elements, packed or one by one, rounded to float.
  func doubles(to list: inout [Float]) throws(FaceqError) {
    switch value {
    case .bytes(let range):
      var reader = ByteReader(file, range, part: part)
      while reader.remaining > 0 { list.append(Float(Double(bitPattern: try reader.integer()))) }
    case .fixed64(let bits): list.append(Float(Double(bitPattern: bits)))
    default: throw unexpected("a number of 64 bits")
    }
  }

  private func unexpected(_ wanted: String) -> FaceqError {
    file.damaged("field \(number) of \(part) is not \(wanted), at byte \(start)")
  }
}
