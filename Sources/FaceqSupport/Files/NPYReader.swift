/// Reads a NumPy file of one or two dimensions: float32 or float64, little-endian, C order.
///
/// - Returns: the shape, slowest first, and the values in that order; float64 is rounded to float32.
package func readNPY(path: FilePath) throws(FaceqError) -> (shape: [Int], values: [Float]) {
  let file = try MappedFile(path: path)
  let bytes = file.bytes
  guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
    throw FaceqError("\(path) is not a NumPy file (.npy)")
  }
  guard bytes.count >= 12 else { throw damagedFile(path, "it ends within its header") }
  // Version 1 has a length of 2 bytes, versions 2 and 3 of 4.
  let isVersion1 = bytes[6] == 1
  guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
    throw FaceqError("\(path) is of NumPy format \(bytes[6]).\(bytes[7]); write it with numpy.save")
  }
  let start = isVersion1 ? 10 : 12
  let length =
    isVersion1
    ? Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
    : Int(bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
  guard length <= bytes.count - start else { throw damagedFile(path, "it ends within its header") }

  var scanner = NPYHeaderScanner(path: path, bytes: bytes[start..<start + length])
  let header = try scanner.header()
  let data = UnsafeRawBufferPointer(rebasing: bytes[(start + length)...])
  let elementSize = header.isDouble ? 8 : 4
  var byteCount = elementSize
  for dimension in header.shape {
    let (product, overflows) = byteCount.multipliedReportingOverflow(by: dimension)
    guard !overflows else { throw damagedFile(path, "its shape is impossible") }
    byteCount = product
  }
  guard byteCount == data.count else {
    throw damagedFile(path, "its shape needs \(byteCount) bytes, but it has \(data.count)")
  }
  let values = [Float](unsafeUninitializedCapacity: byteCount / elementSize) { values, count in
    count = byteCount / elementSize
    for index in 0..<count {
      let value =
        header.isDouble
        ? Float(data.loadUnaligned(fromByteOffset: index * 8, as: Double.self))
        : data.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
      values.initializeElement(at: index, to: value)
    }
  }
  return (header.shape, values)
}

/// Reads the Python dictionary in a .npy header: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 512), }`.
private struct NPYHeaderScanner {
  let path: FilePath
  var bytes: Slice<UnsafeRawBufferPointer>

  mutating func header() throws(FaceqError) -> (isDouble: Bool, shape: [Int]) {
    var type: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !skip("}") {
      let key = try text()
      try expect(":")
      switch key {
      case "descr": type = try text()
      case "fortran_order": isFortranOrder = try flag()
      case "shape": shape = try tuple()
      default: throw damagedFile(path, "its header has an unknown key \(quoted(key))")
      }
      if !skip(",") {
        try expect("}")
        break
      }
    }
    guard let type, let isFortranOrder, let shape else { throw damagedFile(path, "its header is incomplete") }
    guard type == "<f4" || type == "<f8" else {
      throw FaceqError("\(path) holds elements of type \(quoted(type)); save it as float32 or float64")
    }
    guard !isFortranOrder || shape.count < 2 else {
      throw FaceqError("\(path) is in Fortran order; save numpy.ascontiguousarray of it")
    }
    guard shape.count == 1 || shape.count == 2 else {
      throw FaceqError("\(path) has \(shape.count) dimensions; save an array with one or two")
    }
    return (type == "<f8", shape)
  }

  /// Skips blanks and then, where it follows, `token`.
  private mutating func skip(_ token: String) -> Bool {
    while let first = bytes.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\n") { bytes.removeFirst() }
    guard bytes.starts(with: token.utf8) else { return false }
    bytes.removeFirst(token.utf8.count)
    return true
  }

  private mutating func expect(_ token: String) throws(FaceqError) {
    guard skip(token) else { throw damagedFile(path, "its header lacks a '\(token)'") }
  }

  private mutating func text() throws(FaceqError) -> String {
    let isDoubleQuoted = skip("\"")
    if !isDoubleQuoted { try expect("'") }
    guard let end = bytes.firstIndex(of: isDoubleQuoted ? UInt8(ascii: "\"") : UInt8(ascii: "'")),
      let text = String(validating: bytes[..<end], as: UTF8.self)
    else { throw damagedFile(path, "a text in its header does not end") }
    bytes = bytes[(end + 1)...]
    return text
  }

  private mutating func flag() throws(FaceqError) -> Bool {
    if skip("True") { return true }
    if skip("False") { return false }
    throw damagedFile(path, "its header lacks True or False")
  }

  private mutating func tuple() throws(FaceqError) -> [Int] {
    var numbers: [Int] = []
    try expect("(")
    while !skip(")") {
      numbers.append(try number())
      if !skip(",") {
        try expect(")")
        break
      }
    }
    return numbers
  }

  private mutating func number() throws(FaceqError) -> Int {
    _ = skip("")
    var number: Int?
    while let byte = bytes.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      let (tenfold, overflows) = (number ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, overflowsToo) = tenfold.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !overflows, !overflowsToo else { throw damagedFile(path, "its shape is impossible") }
      number = sum
      bytes.removeFirst()
    }
    guard let number else { throw damagedFile(path, "its shape is not made of numbers") }
    return number
  }
}
