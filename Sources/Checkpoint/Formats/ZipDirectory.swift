import FaceqSupport

/// Where a zip archive's directory lies, from the records at the archive's end.
struct ZipDirectory {
  var range: Range<Int>
  var entryCount: Int

  static func find(_ file: CheckpointFile) throws(FaceqError) -> ZipDirectory {
    let end = try endRecord(file)
    var reader = ByteReader(file, end..<file.bytes.count, part: "its zip directory")
    _ = try reader.take(8)  // signature, disks
    let entriesHere = Int(try reader.integer(UInt16.self))
    let entryCount = Int(try reader.integer(UInt16.self))
    let size = Int(try reader.integer(UInt32.self))
    let offset = Int(try reader.integer(UInt32.self))
    if let zip64 = try zip64(file, before: end) { return zip64 }
    return try checked(file, entriesHere: entriesHere, entryCount: entryCount, size: size, offset: offset, end: end)
  }

  /// The end record is the archive's last, with a comment of stated length behind it.
  private static func endRecord(_ file: CheckpointFile) throws(FaceqError) -> Int {
    let fixedSize = 22
    let latest = file.bytes.count - fixedSize
    for position in stride(from: latest, through: max(0, latest - Int(UInt16.max)), by: -1)
    where file.bytes[position] == UInt8(ascii: "P") {
      var reader = ByteReader(file, position..<file.bytes.count, part: "its zip directory")
      guard try reader.integer(UInt32.self) == 0x0605_4B50 else { continue }
      _ = try reader.take(16)
      if Int(try reader.integer(UInt16.self)) == reader.remaining { return position }
    }
    throw file.damaged("it begins as a zip archive and ends before its directory")
  }

  private static func zip64(_ file: CheckpointFile, before end: Int) throws(FaceqError) -> ZipDirectory? {
    let locatorSize = 20
    guard end >= locatorSize else { return nil }
    var locator = ByteReader(file, end - locatorSize..<end, part: "its zip64 directory")
    guard try locator.integer(UInt32.self) == 0x0706_4B50 else { return nil }
    _ = try locator.take(4)  // disk
    let position = try locator.size(UInt64.self)
    guard position <= end - locatorSize else { throw file.damaged("its zip64 directory lies outside the file") }

    var record = ByteReader(file, position..<end - locatorSize, part: "its zip64 directory")
    guard try record.integer(UInt32.self) == 0x0606_4B50 else {
      throw file.damaged("its zip64 directory is not where its end says")
    }
    _ = try record.take(20)  // record size, versions, disks
    return try checked(
      file, entriesHere: try record.size(UInt64.self), entryCount: try record.size(UInt64.self),
      size: try record.size(UInt64.self), offset: try record.size(UInt64.self), end: position)
  }

  private static func checked(
    _ file: CheckpointFile, entriesHere: Int, entryCount: Int, size: Int, offset: Int, end: Int
  ) throws(FaceqError) -> ZipDirectory {
    guard entriesHere == entryCount else { throw file.error("is part of a split zip archive; join its parts first") }
    guard offset <= end, size <= end - offset else {
      throw file.damaged("its zip directory lies outside the file")
    }
    return ZipDirectory(range: offset..<offset + size, entryCount: entryCount)
  }
}
