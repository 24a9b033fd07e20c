import FaceqSupport
import Testing

struct FilePathTests {
  @Test func equalityIsOfBytes() {
    let (composed, decomposed): (FilePath, FilePath) = ("Jos\u{e9}", "Jose\u{301}")
    #expect("Jos\u{e9}" == "Jose\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, "Jos\u{e9}"]).count == 2)
    #expect(decomposed < composed)
  }

  @Test(arguments: [
    ("a/b.c.jpg", "a", "b.c.jpg", "b.c"), ("b", ".", "b", "b"), ("/b", "/.", "b", "b"), ("a/", "a", "a", "a"),
    ("/", "/.", "", ""), (".a", ".", ".a", ".a"),
  ])
  func parts(path: String, folder: String, name: String, stem: String) {
    let path = FilePath(path)
    #expect(path.folder.description == folder)
    #expect(Array(path.name) == Array(name.utf8))
    #expect(Array(path.stem) == Array(stem.utf8))
  }

  @Test func composition() {
    #expect(FilePath("a").appending(component: "b".utf8) == "a/b")
    #expect(FilePath("a/").appending(component: "b".utf8) == "a/b")
    #expect(FilePath("").appending(component: "b".utf8) == "b")
    #expect(FilePath("a").resolving("/b") == "/b")
    #expect(FilePath("a").appending(".b") == "a.b")
    #expect(FilePath("a.npy").hasSuffix(".npy") && !FilePath("npy").hasSuffix(".npy"))
  }

  /// Every form that UTF-8 forbids, every control character, and what is mistaken for an escape.
  @Test(
    arguments: [
      (Array("Jörg 岡 \u{1f600}.jpg".utf8), "Jörg 岡 \u{1f600}.jpg"), ([0x4a, 0xf6, 0x72], "J\\xf6r"),
      ([0xc0, 0x80], "\\xc0\\x80"), ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"), ([0xe2, 0x82], "\\xe2\\x82"),
      ([0xf4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"), ([0xe2, 0x82, 0x41], "\\xe2\\x82A"),
      ([0x1b, 0x5b, 0x0a], "\\x1b[\\x0a"), ([0xc2, 0x9b], "\\xc2\\x9b"), ([0x7f], "\\x7f"),
      (Array("\u{202e}gpj\u{2028}".utf8), "\\xe2\\x80\\xaegpj\\xe2\\x80\\xa8"),
      (Array("a\\b".utf8), "a\\b"), (Array("\\x41".utf8), "\\x5cx41"), (Array("\\\\x".utf8), "\\\\x5cx"), ([], ""),
    ] as [([UInt8], String)])
  func escaping(bytes: [UInt8], text: String) {
    let shown = FilePath(bytes: bytes).description
    // By scalars: two texts that mean the same are not the same here.
    #expect(Array(shown.utf8) == Array(text.utf8))
    #expect(unescaped(shown) == bytes)
  }

  @Test func escapingIsReversible() {
    var generator = SplitMix64(state: 7)
    let letters: [UInt8] = Array("\\xa1 \u{e9}\u{202e}".utf8) + [0xff, 0xf4, 0x1b, 0xc3, 0x80]
    for _ in 0..<5000 {
      let bytes = (0..<8).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
      #expect(unescaped(escapedText(bytes)) == bytes)
    }
  }
}

/// As the documentation says: every `\x` with two digits is a byte.
private func unescaped(_ text: String) -> [UInt8] {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let first = rest.first {
    if rest.starts(with: "\\x".utf8),
      let byte = UInt8(String(decoding: rest.dropFirst(2).prefix(2), as: UTF8.self), radix: 16)
    {
      bytes.append(byte)
      rest = rest.dropFirst(4)
    } else {
      bytes.append(first)
      rest = rest.dropFirst()
    }
  }
  return bytes
}
