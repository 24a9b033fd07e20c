internal import CSystem
package import FaceqSupport

/// Reads a list of paths, one after another: memory does not grow with their number.
///
/// A list has a path on each line, whose end is a line feed, a carriage return or both; a byte order mark at the
/// beginning and lines of blanks do not count. Blanks after a path do not count either, unless a file has them in its
/// name. Or a list has a zero after each path, and nothing else is special then.
///
/// Public, because Embedded Swift runs a `deinit` in other modules only where the type is.
public struct PathReader: ~Copyable {
  package enum Separator: Sendable { case lines, zeros }

  private let name: String
  private let folder: FilePath
  private let descriptor: Int32
  private let isStandardInput: Bool
  private let separator: Separator
  private var buffer: [UInt8] = []
  /// How many bytes of the buffer have been read.
  private var position = 0
  private var isAtStart = true
  private var isAtEnd = false

  /// - Parameter folder: that the paths are relative to; the working directory where it is empty.
  /// - Throws: where the file cannot be opened.
  package init(list path: FilePath, relativeTo folder: FilePath = "", separator: Separator = .lines) throws(FaceqError)
  {
    descriptor = path.withCString { system_open_list($0) }
    guard descriptor >= 0 else { throw FaceqError("cannot open \(path): \(systemReason(system_errno()))") }
    name = path.description
    self.folder = folder
    isStandardInput = false
    self.separator = separator
  }

  package init(standardInputWith separator: Separator) {
    name = "the list on standard input"
    folder = ""
    descriptor = 0
    isStandardInput = true
    self.separator = separator
  }

  deinit { if !isStandardInput { _ = close(descriptor) } }

  /// The next path, nil after the last.
  ///
  /// - Throws: where the list cannot be read, or is none.
  package mutating func next() throws(FaceqError) -> FilePath? {
    while let line = try nextLine() {
      if separator == .zeros {
        if !line.isEmpty { return folder.resolving(FilePath(bytes: line)) }
        continue
      }
      guard !line.contains(0) else {
        throw FaceqError("\(name) is no list with a path on each line: it has zeros in it")
      }
      let trimmed = line.dropLast(line.reversed().prefix { isBlank($0) }.count)
      guard !trimmed.isEmpty else { continue }
      let path = folder.resolving(FilePath(bytes: line))
      if trimmed.count == line.count { return path }
      // A path that cannot be examined does not cost those after it.
      return (try? fileExists(path)) == true ? path : folder.resolving(FilePath(bytes: trimmed))
    }
    return nil
  }

  private mutating func nextLine() throws(FaceqError) -> [UInt8]? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(where: { isSeparator($0) }) {
        defer { position = end + 1 }
        return Array(buffer[position..<end])
      }
      if isAtEnd {
        defer { position = buffer.count }
        return position < buffer.count ? Array(buffer[position...]) : nil
      }
      // A byte order mark that is taken off moves what follows it.
      searched = isAtStart ? 0 : buffer.count - position
      try fill()
    }
  }

  /// Appends more of the list to what is left in the buffer, which then begins with that.
  private mutating func fill() throws(FaceqError) {
    if position > 0 { isAtStart = false }
    buffer.removeFirst(position)
    position = 0
    let block = 1 << 16
    let count = buffer.count
    guard count < block else { throw FaceqError("\(name) is no list of paths: a line in it is too long for a path") }
    buffer += [UInt8](repeating: 0, count: block)
    var added = -1
    repeat {
      added = buffer.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { read(descriptor, $0 + count, block) } ?? -1
      }
    } while added < 0 && system_errno() == system_interrupted
    guard added >= 0 else { throw FaceqError("cannot read \(name): \(systemReason(system_errno()))") }
    buffer.removeLast(block - added)
    isAtEnd = added == 0
    guard isAtStart, buffer.count >= 3 || isAtEnd else { return }
    isAtStart = false
    if Self.isUTF16(buffer.prefix(2)) {
      throw FaceqError("\(name) is a text in UTF-16; save it in UTF-8, which editors and shells offer as an encoding")
    }
    if separator == .lines, buffer.starts(with: [0xef, 0xbb, 0xbf]) { buffer.removeFirst(3) }
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    switch separator {
    case .zeros: byte == 0
    case .lines: byte == 0x0a || byte == 0x0d
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Whether a text begins with UTF-16's byte order mark.
  static func isUTF16(_ start: some Collection<UInt8>) -> Bool {
    start.elementsEqual([0xff, 0xfe]) || start.elementsEqual([0xfe, 0xff])
  }
}
