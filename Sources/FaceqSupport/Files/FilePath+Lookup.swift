import CSystem

extension FilePath {
  /// The path without symbolic links, which is the same for all paths that lead there; nil where nothing has this path.
  package var resolved: FilePath? {
    guard let text = withCString({ system_realpath($0, nil) }) else { return nil }
    defer { free(text) }
    return FilePath(cString: text)
  }
}

/// Whether two paths lead to one existing file, through whatever links.
package func isSameFile(_ first: FilePath, _ second: FilePath) -> Bool {
  guard let resolved = first.resolved else { return false }
  return resolved == second.resolved
}

/// Whether something has this path.
///
/// - Throws: as `fileFacts`.
package func fileExists(_ path: FilePath) throws(FaceqError) -> Bool { try fileFacts(path) != nil }

/// What tells whether a file is another one than it was, or was changed.
package struct FileFacts: Sendable, Equatable {
  package let inode: UInt64
  package let size: UInt64
  /// When the file, its name or its permissions were changed last, in nanoseconds since 1970.
  package let changed: Int64
}

/// What the system says of a file, or of what a link leads to; nil where nothing has this path.
///
/// - Throws: where the system does not say: what is there must not be taken for nothing, and be written anew.
package func fileFacts(_ path: FilePath) throws(FaceqError) -> FileFacts? {
  var facts = system_file_facts()
  if path.withCString({ system_facts_of_path($0, &facts) }) == 0 {
    let changed = facts.changed.seconds &* 1_000_000_000 &+ Int64(facts.changed.nanoseconds)
    return FileFacts(inode: facts.inode, size: facts.size, changed: changed)
  }
  switch system_errno() {
  case system_no_such_file, system_not_a_folder, system_name_too_long: return nil
  case let code: throw FaceqError("cannot examine \(path): \(systemReason(code))")
  }
}
