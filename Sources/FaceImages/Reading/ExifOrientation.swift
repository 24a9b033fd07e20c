extension Orientation {
  /// The orientation in the payload of a JPEG APP1 segment (EXIF 2.3, §4.5–4.6), or nil when the segment states none.
  init?(exif payload: UnsafeRawBufferPointer) {
    guard payload.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) else { return nil }  // "Exif", 0, 0
    self.init(tiff: UnsafeRawBufferPointer(rebasing: payload[6...]))
  }

  /// The orientation in a TIFF structure, as EXIF data and a PNG's eXIf chunk are, or nil when it states none.
  ///
  /// EXIF wants the type SHORT; some programs write LONG or BYTE.
  init?(tiff: UnsafeRawBufferPointer) {
    guard let byteOrder = tiff.bigEndian(at: 0, size: 2), byteOrder == 0x4949 || byteOrder == 0x4d4d
    else { return nil }
    func integer(at offset: Int, size: Int) -> Int? {
      byteOrder == 0x4949 ? tiff.littleEndian(at: offset, size: size) : tiff.bigEndian(at: offset, size: size)
    }
    guard integer(at: 2, size: 2) == 42, let directory = integer(at: 4, size: 4),
      let entries = integer(at: directory, size: 2)
    else { return nil }
    for entry in 0..<entries {
      let offset = directory + 2 + 12 * entry
      guard let tag = integer(at: offset, size: 2) else { return nil }
      guard tag == 0x0112, let type = integer(at: offset + 2, size: 2), let size = Self.sizes[type],
        let value = integer(at: offset + 8, size: size)
      else { continue }
      self.init(rawValue: value)
      return
    }
    return nil
  }

  /// Bytes of a value of TIFF's integer types BYTE, SHORT, LONG, SBYTE, SSHORT and SLONG.
  private static let sizes = [1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4]
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
