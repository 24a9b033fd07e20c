extension Orientation {
  /// The orientation in the payload of a JPEG APP1 segment (EXIF 2.3, §4.5–4.6), or nil when the segment states none.
  init?(exif payload: UnsafeRawBufferPointer) {
    let tiff = 6  // "Exif", 0, 0
    guard payload.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]),
      let byteOrder = payload.bigEndian(at: tiff, size: 2), byteOrder == 0x4949 || byteOrder == 0x4d4d
    else { return nil }
    func integer(at offset: Int, size: Int) -> Int? {
      byteOrder == 0x4949 ? payload.littleEndian(at: offset, size: size) : payload.bigEndian(at: offset, size: size)
    }
    guard integer(at: tiff + 2, size: 2) == 42, let directory = integer(at: tiff + 4, size: 4),
      let entries = integer(at: tiff + directory, size: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = tiff + directory + 2 + 12 * entry
      guard let tag = integer(at: offset, size: 2) else { return nil }
      let unsignedShort = 3
      if tag == 0x0112, integer(at: offset + 2, size: 2) == unsignedShort, let value = integer(at: offset + 8, size: 2)
      {
        self.init(rawValue: value)
        return
      }
    }
    return nil
  }
}

extension UnsafeRawBufferPointer {
  /// The unsigned integer of `size` bytes at `offset`, or nil where the buffer does not hold all of them.
  func bigEndian(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, offset <= count - size else { return nil }
    return (0..<size).reduce(0) { $0 << 8 | Int(self[offset + $1]) }
  }

  /// The unsigned integer of `size` bytes at `offset`, or nil where the buffer does not hold all of them.
  func littleEndian(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, offset <= count - size else { return nil }
    return (0..<size).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }
}
