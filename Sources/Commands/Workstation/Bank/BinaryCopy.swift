/// Rows in the form that PostgreSQL's `COPY … (FORMAT binary)` reads.
struct BinaryCopy {
  /// What was added and not yet taken.
  private(set) var bytes: [UInt8]

  init() { bytes = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0] + [UInt8](repeating: 0, count: 8) }

  mutating func beginRow(fields: Int) { add(Int16(fields)) }

  /// Adds a field of the type text.
  mutating func add(_ text: String) {
    add(Int32(text.utf8.count))
    bytes += text.utf8
  }

  /// Adds a field of pgvector's type vector.
  mutating func add(vector: [Float]) {
    add(Int32(4 + 4 * vector.count))
    add(Int16(vector.count))
    add(Int16(0))
    for component in vector { add(component.bitPattern) }
  }

  /// Ends the rows.
  mutating func end() { add(Int16(-1)) }

  /// The bytes since the last call.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private mutating func add<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
  }
}
