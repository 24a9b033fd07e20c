/// Writes a matrix as a NumPy file (version 1.0, float32, C order), byte for byte as `numpy.save` does.
///
/// - Parameter values: [row][column], row-major, `rows · columns` of them.
public func writeNPY(path: FilePath, rows: Int, columns: Int, values: [Float]) throws(FaceqError) {
  precondition(rows >= 0 && columns >= 0 && values.count == rows * columns)
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
  var file = try AtomicFile(path: path)
  try file.write(header + description)
  try values.withUnsafeBufferPointer { buffer throws(FaceqError) in
    try file.write(UnsafeRawBufferPointer(buffer))
  }
  try file.commit()
}
