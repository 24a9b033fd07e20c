/// A path's or a name's bytes as text for a terminal or a file: UTF-8 as it is, and `\xf6` for a byte that is not part of
/// it.
///
/// Escaped, byte by byte, are also control characters, characters that break lines or reverse the direction of writing,
/// and a backslash that an `x` follows: turning every `\x` with two digits into a byte gives all bytes back.
package func escapedText(_ bytes: some Collection<UInt8>) -> String {
  var text = ""
  var rest = bytes[...]
  while let first = rest.first {
    guard let (scalar, length) = firstScalar(of: rest) else {
      text += escaped(first)
      rest = rest.dropFirst()
      continue
    }
    let next = rest.dropFirst(length)
    if isUnsafe(scalar) || (scalar == "\\" && next.first == UInt8(ascii: "x")) {
      for byte in rest.prefix(length) { text += escaped(byte) }
    } else {
      text.unicodeScalars.append(scalar)
    }
    rest = next
  }
  return text
}

/// The scalar that `bytes` begin with in UTF-8, and how many bytes it has; nil where they are no UTF-8.
package func firstScalar(of bytes: some Collection<UInt8>) -> (scalar: Unicode.Scalar, length: Int)? {
  var decoder = UTF8()
  var iterator = bytes.makeIterator()
  guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
  return (scalar, UTF8.width(scalar))
}

private func escaped(_ byte: UInt8) -> String { "\\x" + hexadecimal(CollectionOfOne(byte)) }

/// Whether a terminal obeys it, or shows what follows in another order.
package func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7f..<0xa0: true
  // Directions of writing (marks, embeddings, isolates), and the separators of lines and paragraphs.
  case 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
  default: false
  }
}

extension FilePath: CustomStringConvertible {
  /// The path as text, see `escapedText`.
  public var description: String { escapedText(bytes) }
}
