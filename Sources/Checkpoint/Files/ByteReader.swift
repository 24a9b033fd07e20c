import FaceqSupport

/// Reads a range of a file from front to back, little-endian, and never past the range's end.
struct ByteReader {
  let file: CheckpointFile
  /// What is being read, for messages: "its pickle".
  let part: String
  private(set) var position: Int
  let end: Int

  /// `range` must lie within the file.
  init(_ file: CheckpointFile, _ range: Range<Int>, part: String) {
    precondition(range.lowerBound >= 0 && range.upperBound <= file.bytes.count)
    self.file = file
    self.part = part
    position = range.lowerBound
    end = range.upperBound
  }

  var remaining: Int { end - position }

  /// Steps over `count` bytes and returns where they are.
  mutating func take(_ count: Int) throws(FaceqError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw file.damaged("it ends in the middle of \(part), at byte \(position)")
    }
    defer { position += count }
    return position..<position + count
  }

  mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws(FaceqError) -> Value {
    let range = try take(MemoryLayout<Value>.size)
    return Value(littleEndian: file.bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self))
  }

  /// A size or an offset: an unsigned integer that has to fit an `Int`.
  mutating func size<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type) throws(FaceqError) -> Int {
    let value: Value = try integer()
    guard let size = Int(exactly: value) else { throw file.damaged("\(part) holds an impossible size, \(value)") }
    return size
  }

  mutating func text(_ count: Int) throws(FaceqError) -> String {
    let range = try take(count)
    guard let text = String(validating: file.bytes[range], as: UTF8.self) else {
      throw file.damaged("\(part) holds a text that is not UTF-8, at byte \(range.lowerBound)")
    }
    return text
  }

  /// The text up to the next line feed, which is stepped over.
  mutating func line() throws(FaceqError) -> String {
    guard let lineFeed = file.bytes[position..<end].prefix(1024).firstIndex(of: UInt8(ascii: "\n")) else {
      throw file.damaged("\(part) holds a line without an end, at byte \(position)")
    }
    defer { position += 1 }
    return try text(lineFeed - position)
  }
}
