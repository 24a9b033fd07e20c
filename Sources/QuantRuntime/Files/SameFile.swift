import CSystem

/// Whether two paths lead to one existing file, through whatever links.
public func isSameFile(_ first: String, _ second: String) -> Bool {
  guard let a = system_realpath(first, nil) else { return false }
  defer { free(a) }
  guard let b = system_realpath(second, nil) else { return false }
  defer { free(b) }
  return String(cString: a) == String(cString: b)
}

/// Whether something has this path, as far as this process may see.
public func fileExists(_ path: String) -> Bool {
  var facts = system_file_facts()
  return system_facts_of_path(path, &facts) == 0
}
