import CSystem

/// Whether two paths lead to one existing file, through whatever links.
public func isSameFile(_ first: String, _ second: String) -> Bool {
  guard let a = realpath(first, nil) else { return false }
  defer { free(a) }
  guard let b = realpath(second, nil) else { return false }
  defer { free(b) }
  return String(cString: a) == String(cString: b)
}
