import FaceqSupport

/// The fields that a zip entry's local header and its directory entry have in common.
struct ZipEntryForm {
  /// All of these in a 32-bit field mean: see the zip64 extra field.
  static let inZip64 = UInt32.max

  var isEncrypted: Bool
  /// The local header was written before size and checksum were known.
  var sizesFollow: Bool
  var method: UInt16
  var checksum: UInt32
  var storedSize: UInt32
  var size: UInt32
  var nameLength: Int
  var extraLength: Int

  init(_ reader: inout ByteReader) throws(FaceqError) {
    let flags = try reader.integer(UInt16.self)
    isEncrypted = flags & 1 != 0
    sizesFollow = flags & 8 != 0
    method = try reader.integer()
    _ = try reader.take(4)  // time and date
    checksum = try reader.integer()
    storedSize = try reader.integer()
    size = try reader.integer()
    nameLength = Int(try reader.integer(UInt16.self))
    extraLength = Int(try reader.integer(UInt16.self))
  }

  /// Steps over the extra fields and returns the zip64 one, or an empty one.
  func zip64(_ reader: inout ByteReader) throws(FaceqError) -> Zip64Field {
    let range = try reader.take(extraLength)
    var fields = ByteReader(reader.file, range, part: reader.part)
    // PyTorch pads entries to their alignment with a field of its own; fewer than four bytes are padding too.
    while fields.remaining >= 4 {
      let identifier = try fields.integer(UInt16.self)
      let contents = try fields.take(Int(try fields.integer(UInt16.self)))
      if identifier == 1 { return Zip64Field(reader: ByteReader(reader.file, contents, part: reader.part)) }
    }
    return Zip64Field(reader: ByteReader(reader.file, range.upperBound..<range.upperBound, part: reader.part))
  }
}

/// The 64-bit values of those 32-bit fields that were too small, in the fields' order.
struct Zip64Field {
  fileprivate var reader: ByteReader

  mutating func resolve(_ short: UInt32) throws(FaceqError) -> Int {
    short == ZipEntryForm.inZip64 ? try reader.size(UInt64.self) : Int(short)
  }
}
