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

/// Whether something has this path, as far as this process may see.
package func fileExists(_ path: FilePath) -> Bool {
  var facts = system_file_facts()
  return path.withCString { system_facts_of_path($0, &facts) } == 0
}
