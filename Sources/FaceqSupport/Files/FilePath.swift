/// The path of a file or folder: the bytes that the system knows it by, whatever they say in whichever encoding.
///
/// Two paths are equal where their bytes are: `é` as one code point and as two are two names to Linux.
public struct FilePath: Hashable, Sendable, Comparable, ExpressibleByStringLiteral {
  /// The path and a zero, as C wants it.
  private let terminated: [UInt8]

  /// - Parameter bytes: none of them zero.
  public init(bytes: some Sequence<UInt8>) {
    var terminated = Array(bytes)
    terminated.append(0)
    self.terminated = terminated
  }

  public init(_ text: String) { self.init(bytes: text.utf8) }

  public init(stringLiteral text: String) { self.init(bytes: text.utf8) }

  /// - Parameter text: ends with a zero.
  package init(cString text: UnsafePointer<CChar>) {
    var bytes: [UInt8] = []
    var next = text
    while next.pointee != 0 {
      bytes.append(UInt8(truncatingIfNeeded: next.pointee))
      next += 1
    }
    self.init(bytes: bytes)
  }

  /// The bytes of the path, without a zero at the end.
  public var bytes: ArraySlice<UInt8> { terminated.dropLast() }

  package var isEmpty: Bool { terminated.count == 1 }

  /// Calls `body` with the path as C wants it. What the system says in `errno` outlives this.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    terminated.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        guard let start = characters.baseAddress else { preconditionFailure("a path has a zero at its end") }
        return body(start)
      }
    }
  }

  /// Whether the bytes of `left` come before those of `right`.
  public static func < (left: FilePath, right: FilePath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

// Parts of paths, and paths made of parts.
extension FilePath {
  private static let slash = UInt8(ascii: "/")

  /// The folder part: `a/b` → `a`, `b` → `.`, `/b` → `/.`.
  package var folder: FilePath {
    guard let last = bytes.lastIndex(of: Self.slash) else { return "." }
    return last == bytes.startIndex ? "/." : FilePath(bytes: bytes[..<last])
  }

  /// The last component: `a/b.jpg` → `b.jpg`, `a/` → `a`, `/` → nothing.
  package var name: ArraySlice<UInt8> { bytes.split(separator: Self.slash).last ?? [] }

  /// The last component without its last dot and what follows it: `a/b.c.jpg` → `b.c`, `.a` → `.a`.
  package var stem: ArraySlice<UInt8> {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return name }
    return name[..<dot]
  }

  package var isAbsolute: Bool { bytes.first == Self.slash }

  /// Whether the path ends with exactly these letters.
  package func hasSuffix(_ suffix: StaticString) -> Bool {
    suffix.withUTF8Buffer { bytes.suffix($0.count).elementsEqual($0) }
  }

  /// The path with a text appended to it: `a.gguf` and `.tuning` → `a.gguf.tuning`.
  package func appending(_ suffix: String) -> FilePath { FilePath(bytes: bytes + suffix.utf8) }

  /// The path of something in this folder; of the working directory where this is empty.
  package func appending(component: some Sequence<UInt8>) -> FilePath {
    FilePath(bytes: bytes + (isEmpty || bytes.last == Self.slash ? [] : [Self.slash]) + component)
  }

  /// What a relative path means where this folder is the working directory.
  package func resolving(_ path: FilePath) -> FilePath { path.isAbsolute ? path : appending(component: path.bytes) }
}
