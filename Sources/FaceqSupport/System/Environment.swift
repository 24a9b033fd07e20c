import CSystem

/// The value of an environment variable, nil where it is absent or empty.
package func environment(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// The path in an environment variable, nil where it is absent or empty.
package func environmentPath(_ name: String) -> FilePath? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return FilePath(cString: value)
}
