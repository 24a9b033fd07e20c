internal import CSystem
internal import FaceqSupport

/// What a folder held when it was opened: of 100,000 files about 4 MB.
struct Folder {
  private struct Entry {
    var name: Range<Int>
    var isFolder: Bool
  }

  let path: FilePath
  /// The path without symbolic links, which is the same for every path that leads to the folder.
  let canonicalPath: FilePath
  private let names: [UInt8]
  private let entries: [Entry]

  /// Lists the folder at `path`; nil where there is none.
  ///
  /// - Throws: where the folder cannot be listed.
  init?(path: FilePath) throws(FaceqError) {
    guard let folder = path.withCString({ system_opendir($0) }) else {
      if [system_no_such_file, system_not_a_folder, system_too_many_links].contains(system_errno()) { return nil }
      throw unlistable(path)
    }
    defer { _ = system_closedir(folder) }
    guard let resolved = path.resolved else { throw unlistable(path) }
    self.path = path
    canonicalPath = resolved

    var names: [UInt8] = []
    var entries: [Entry] = []
    while let entry = system_readdir(folder) {
      let name = FilePath(cString: system_entry_name(entry)).bytes
      let isFolder: Bool
      switch entry.pointee.type {
      case system_entry_regular: isFolder = false
      case system_entry_folder: isFolder = true
      // A link may lead to a folder, and some file systems do not say what an entry is.
      case system_entry_link, system_entry_unknown: isFolder = path.appending(component: name).isFolder
      default: continue
      }
      let start = names.count
      names += name
      entries.append(Entry(name: start..<names.count, isFolder: isFolder))
    }
    entries.sort { left, right in
      precedes(names[left.name], left.isFolder, names[right.name], right.isFolder)
    }
    self.names = names
    self.entries = entries
  }

  /// The entry at `index`: files, folders and links but no devices, sockets or pipes, in an order in which the paths of
  /// all that is below them are sorted by their bytes.
  subscript(index: Int) -> (name: ArraySlice<UInt8>, isFolder: Bool) {
    (names[entries[index].name], entries[index].isFolder)
  }

  var count: Int { entries.count }
}

/// Whether one name comes before another in the order of the bytes, where a folder's name ends with the slash that all
/// paths in it have there.
private func precedes(
  _ left: ArraySlice<UInt8>, _ leftIsFolder: Bool, _ right: ArraySlice<UInt8>, _ rightIsFolder: Bool
) -> Bool {
  for (a, b) in zip(left, right) where a != b { return a < b }
  let common = min(left.count, right.count)
  let slash = Int(UInt8(ascii: "/"))
  let next = left.dropFirst(common).first.map { Int($0) } ?? (leftIsFolder ? slash : -1)
  let other = right.dropFirst(common).first.map { Int($0) } ?? (rightIsFolder ? slash : -1)
  return next < other
}

extension FilePath {
  /// Whether there is a folder at the path, symbolic links followed.
  fileprivate var isFolder: Bool {
    var facts = system_file_facts()
    return withCString { system_facts_of_path($0, &facts) } == 0 && system_is_folder(&facts)
  }
}

private func unlistable(_ path: FilePath) -> FaceqError {
  FaceqError("cannot list \(path): \(String(cString: strerror(system_errno()))); check its path and permissions")
}
