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

  /// Nil when there is no folder at `path`; throws when it cannot be listed.
  init?(path: String) throws(FaceqError) {
    guard let folder = system_opendir(path) else {
      if [system_no_such_file, system_not_a_folder, system_too_many_links].contains(system_errno()) { return nil }
      throw unlistable(path)
    }
    defer { _ = system_closedir(folder) }
    guard let resolved = system_realpath(path, nil) else { throw unlistable(path) }
    defer { free(resolved) }
    canonicalPath = String(cString: resolved)

    var entries: [Entry] = []
    while let entry = system_readdir(folder) {
      let kind: Entry.Kind
      switch entry.pointee.type {
      case system_entry_regular: kind = .file
      case system_entry_folder: kind = .folder
      case system_entry_link, system_entry_unknown: kind = .other
      default: continue
      }
      guard let name = String(validatingCString: system_entry_name(entry)) else {
        throw FaceqError("cannot list \(path): the name of a file in it is not UTF-8; rename that file")
      }
      let separator = path.utf8.last == 0x2f ? "" : "/"
      entries.append(Entry(name: name, path: path + separator + name, kind: kind))
    }
    self.entries = entries.sorted { precedes($0.name, $1.name) }
  }
}

private func unlistable(_ path: String) -> FaceqError {
  FaceqError("cannot list \(path): \(String(cString: strerror(system_errno()))); check its path and permissions")
}
