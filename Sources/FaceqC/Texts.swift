/// A text for C, which keeps its place in memory until it is changed.
final class CText {
  private(set) var pointer: UnsafeMutablePointer<CChar>

  init() {
    pointer = .allocate(capacity: 1)
    pointer.pointee = 0
  }

  convenience init(_ text: String) {
    self.init()
    set(text)
  }

  deinit { pointer.deallocate() }

  func set(_ text: String) {
    let count = text.utf8.count + 1
    pointer.deallocate()
    pointer = .allocate(capacity: count)
    text.copy(to: pointer, capacity: count)
  }
}

extension String {
  /// Writes as much of the text as fits, and a zero.
  func copy(to characters: UnsafeMutablePointer<CChar>, capacity: Int) {
    var count = 0
    for byte in utf8.prefix(capacity - 1) {
      characters[count] = CChar(bitPattern: byte)
      count += 1
    }
    characters[count] = 0
  }
}

/// Writes a text into an array of C characters.
func write<Characters>(_ text: String, to characters: inout Characters) {
  withUnsafeMutableBytes(of: &characters) { bytes in
    guard let start = bytes.baseAddress else { return }
    text.copy(to: start.assumingMemoryBound(to: CChar.self), capacity: bytes.count)
  }
}
