internal import CSystem
internal import QuantRuntime

/// What a folder held when it was opened.
struct Folder {
  struct Entry {
    /// `other` may be a folder or not: a symbolic link, or the file system does not say.
    enum Kind { case file, folder, other }

    var name: String
    var path: String
    var kind: Kind
  }

  /// Free of symbolic links: the same for every path that leads to the folder.
  let canonicalPath: String
  /// Files, folders and links but no devices, sockets or pipes; sorted by the bytes of their names.
  let entries: [Entry]

  /// Nil when `path` is not a folder, or cannot be opened as one.
  init?(path: String) throws(FaceqError) {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    canonicalPath = String(cString: resolved)

    var entries: [Entry] = []
    while let entry = readdir(folder) {
      let kind: Entry.Kind
      switch Int(directory_entry_type(entry)) {
      case DT_REG: kind = .file
      case DT_DIR: kind = .folder
      case DT_LNK, DT_UNKNOWN: kind = .other
      default: continue
      }
      guard let name = String(validatingCString: directory_entry_name(entry)) else {
        throw FaceqError("\(path) holds a file whose name is not UTF-8; rename it.")
      }
      let separator = path.utf8.last == 0x2f ? "" : "/"
      entries.append(Entry(name: name, path: path + separator + name, kind: kind))
    }
    self.entries = entries.sorted { precedes($0.name, $1.name) }
  }
}
