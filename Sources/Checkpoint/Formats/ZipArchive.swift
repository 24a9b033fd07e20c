import FaceqSupport

/// The directory of a zip archive of stored (uncompressed) entries, with zip64 sizes, checked so that every entry is a
/// range of the file of its own.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14–16 (its end), 4.5.3
/// (zip64 extra field).
struct ZipArchive {
  struct Entry {
    var name: String
    var checksum: UInt32
    /// The entry's contents.
    var range: Range<Int>
    /// Where its local header begins.
    var header: Int
  }

  let file: CheckpointFile
  /// In the directory's order.
  let entries: [Entry]
  private let byName: [String: Int]

  init(_ file: CheckpointFile) throws(FaceqError) {
    let directory = try ZipDirectory.find(file)
    var reader = ByteReader(file, directory.range, part: "its zip directory")
    var entries: [Entry] = []
    var byName: [String: Int] = [:]
    for _ in 0..<directory.entryCount {
      let entry = try Self.entry(&reader, file: file, contentsEnd: directory.range.lowerBound)
      guard byName.updateValue(entries.count, forKey: entry.name) == nil else {
        throw file.damaged("its zip directory lists \(printable(entry.name)) twice")
      }
      entries.append(entry)
    }
    guard reader.remaining == 0 else { throw file.damaged("its zip directory is longer than the entries it lists") }

    var free = 0
    for entry in entries.sorted(by: { $0.header < $1.header }) {
      guard entry.header >= free else { throw file.damaged("its entry \(printable(entry.name)) overlaps another") }
      free = entry.range.upperBound
    }
    self.file = file
    self.entries = entries
    self.byName = byName
  }

  subscript(name: String) -> Entry? { byName[name].map { entries[$0] } }

  /// Where the entry's contents lie, once they are known to be what was written.
  func verified(_ entry: Entry) throws(FaceqError) -> Range<Int> {
    guard CRC32.checksum(UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])) == entry.checksum else {
      throw file.damaged("the checksum of its entry \(printable(entry.name)) is wrong")
    }
    return entry.range
  }

  private static func entry(
    _ reader: inout ByteReader, file: CheckpointFile, contentsEnd: Int
  ) throws(FaceqError) -> Entry {
    guard try reader.integer(UInt32.self) == 0x0201_4B50 else {
      throw file.damaged("its zip directory holds something that is not an entry")
    }
    _ = try reader.take(4)  // versions
    let form = try ZipEntryForm(&reader)
    let commentLength = Int(try reader.integer(UInt16.self))
    _ = try reader.take(8)  // disk, attributes
    let shortHeader = try reader.integer(UInt32.self)
    let name = try reader.text(form.nameLength)
    var extra = try form.zip64(&reader)
    let size = try extra.resolve(form.size)
    let storedSize = try extra.resolve(form.storedSize)
    let header = try extra.resolve(shortHeader)
    _ = try reader.take(commentLength)

    guard !form.isEncrypted else { throw file.error("has an encrypted entry, \(printable(name)); save it unencrypted") }
    guard form.method == 0 else {
      throw file.error(
        "has a compressed entry, \(printable(name)), which faceq does not read; save it with torch.save or numpy.savez, "
          + "which store entries as they are")
    }
    guard size == storedSize, header < contentsEnd else {
      throw file.damaged("its zip directory contradicts itself about \(printable(name))")
    }

    var local = ByteReader(file, header..<contentsEnd, part: "its entry \(printable(name))")
    guard try local.integer(UInt32.self) == 0x0403_4B50 else {
      throw file.damaged("its zip directory points at something that is not the entry \(printable(name))")
    }
    _ = try local.take(2)  // version
    let localForm = try ZipEntryForm(&local)
    let localName = try local.text(localForm.nameLength)
    var localExtra = try localForm.zip64(&local)
    let localSize = try localExtra.resolve(localForm.size)
    guard localName == name, localForm.method == form.method, !localForm.isEncrypted,
      localForm.sizesFollow || (localSize == size && localForm.checksum == form.checksum)
    else { throw file.damaged("its zip directory and its entry \(printable(name)) contradict each other") }
    return Entry(name: name, checksum: form.checksum, range: try local.take(size), header: header)
  }
}
