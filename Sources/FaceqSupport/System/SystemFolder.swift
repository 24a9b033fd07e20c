import CSystem

/// A folder of small files in which Linux says what it knows, such as `/sys`; or a made-up one.
package struct SystemFolder: Sendable {
  private let path: String

  package init(_ path: String) { self.path = path }

  package static let sys = SystemFolder("/sys")

  /// The first 8 KiB of a file, nil where it is missing, unreadable or empty.
  func bytes(_ name: String) -> [UInt8]? {
    let descriptor = system_open_reading(path + "/" + name)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  /// The first line of a file, without white space at its end.
  package func line(_ name: String) -> String? {
    guard var line = bytes(name)?.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).first else {
      return nil
    }
    while let last = line.last, last <= UInt8(ascii: " ") { line.removeLast() }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// The whole number that is all of a file's first line.
  package func number(_ name: String) -> Int? { line(name).flatMap { Int($0) } }
}
