/// A zip archive of stored entries.
func zipArchive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func little(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, bytes) in entries {
    let name = Array(name.utf8)
    let form =
      little(0, 2) + little(0, 2) + little(0, 4) + little(Int(crc32(bytes)), 4) + little(bytes.count, 4)
      + little(bytes.count, 4) + little(name.count, 2) + little(0, 2)
    directory += little(0x0201_4b50, 4) + little(20, 2) + little(20, 2) + form + little(0, 2) + little(0, 8)
    directory += little(archive.count, 4) + name
    archive += little(0x0403_4b50, 4) + little(20, 2) + form + name + bytes
  }
  let end =
    little(0x0605_4b50, 4) + little(0, 4) + little(entries.count, 2) + little(entries.count, 2)
    + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
  return archive + directory + end
}

/// The bytes with the checksums of entries set right wherever the directory of a zip archive has them.
func repairedZip(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
  var zip = Array(bytes)
  func number(_ place: Int, _ size: Int) -> Int {
    guard place >= 0, place + size <= zip.count else { return 0 }
    return zip[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
  guard zip.count >= 50 else { return zip }
  for entry in 0..<zip.count - 46 where number(entry, 4) == 0x0201_4b50 {
    let (size, header) = (number(entry + 24, 4), number(entry + 42, 4))
    guard number(header, 4) == 0x0403_4b50 else { continue }
    let start = header + 30 + number(header + 26, 2) + number(header + 28, 2)
    guard start + size <= zip.count else { continue }
    let sum = crc32(zip[start..<start + size])
    for index in 0..<4 {
      let byte = UInt8(truncatingIfNeeded: sum >> (8 * index))
      zip[entry + 16 + index] = byte
      zip[header + 14 + index] = byte
    }
  }
  return zip
}
