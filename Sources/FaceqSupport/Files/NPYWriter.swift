/// Writes a matrix as a NumPy file (version 1.0, float32, C order), row by row and byte for byte as `numpy.save` does.
package struct NPYWriter: ~Copyable {
  package let columns: Int
  package private(set) var rows = 0
  private var file: AtomicFile

  /// - Throws: where the file cannot be written to `path`.
  package init(path: FilePath, columns: Int) throws(FaceqError) {
    precondition(columns >= 0)
    var file = try AtomicFile(path: path)
    try file.write(npyHeader(rows: 0, columns: columns))
    self.columns = columns
    self.file = file
  }

  /// Adds one row or several.
  ///
  /// - Parameter values: `columns` values for each row.
  package mutating func add(_ values: [Float]) throws(FaceqError) {
    precondition(values.count == columns || (columns > 0 && values.count % columns == 0))
    try values.withUnsafeBufferPointer { buffer throws(FaceqError) in
      try file.write(UnsafeRawBufferPointer(buffer))
    }
    rows += columns == 0 ? 1 : values.count / columns
  }

  /// Makes the file appear under its name.
  package consuming func commit() throws(FaceqError) {
    try complete()
    try file.commit()
  }

  /// Makes this file and another appear under their names, both or none.
  package consuming func commit(with other: consuming AtomicFile) throws(FaceqError) {
    try complete()
    try file.commit(with: other)
  }

  /// Fills in the number of rows, for which the header has room.
  private mutating func complete() throws(FaceqError) {
    try npyHeader(rows: rows, columns: columns).withUnsafeBufferPointer { buffer throws(FaceqError) in
      try file.overwrite(at: 0, UnsafeRawBufferPointer(buffer))
    }
  }
}

/// Writes a whole matrix as a NumPy file.
///
/// - Parameter values: [row][column], row-major, `rows · columns` of them.
package func writeNPY(path: FilePath, rows: Int, columns: Int, values: [Float]) throws(FaceqError) {
  precondition(rows >= 0 && values.count == rows * columns)
  var writer = try NPYWriter(path: path, columns: columns)
  if rows > 0 { try writer.add(values) }
  try writer.commit()
}

private func npyHeader(rows: Int, columns: Int) -> [UInt8] {
  let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
  var description = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }".utf8)
  // numpy.save leaves room for the number of rows to grow to 21 digits, then adds 1 to 64 blanks to
  // begin the data at a multiple of 64.
  description += [UInt8](repeating: UInt8(ascii: " "), count: max(0, 21 - String(rows).utf8.count))
  let unpadded = magic.count + 2 + description.count + 1
  description += [UInt8](repeating: UInt8(ascii: " "), count: 64 - unpadded % 64)
  description.append(UInt8(ascii: "\n"))
  var header = magic
  header.append(littleEndian: UInt16(description.count))
  return header + description
}
