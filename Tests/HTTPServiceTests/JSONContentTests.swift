import FaceqSupport
import Testing

@Test func jsonIsRead() throws {
  let text = #" {"a": [1, -2.5e1, true, null, "x\n\u00e9\ud83d\ude00\/"], "b": {"c": {}}, "a": 2} "#
  let content = try #require(JSONContent(text.utf8))
  #expect(content.member("a")?.array == [.number(1), .number(-25), .flag(true), .null, .text("x\né😀/")])
  #expect(content.member("b")?.member("c") == .object([]))
  #expect(content.member("d") == nil && content.member("b")?.text == nil)
}

@Test(arguments: [
  "", "{", "[1,]", "{\"a\"}", "{a: 1}", "01", "1.", ".5", "+1", "1 2", "\"\u{1}\"", "\"\\x\"", "\"\\ud800\"",
  "\"\\ud800\\u0041\"", "tru", "nul",
  "[" + String(repeating: "[", count: 40) + String(repeating: "]", count: 41), "\"open",
])
func whatIsNoJSONIsNotRead(_ text: String) {
  #expect(JSONContent(text.utf8) == nil)
}

/// Two bytes of a text can become fifty of memory.
@Test func jsonHasALimit() {
  func list(_ count: Int) -> String { "[" + [String](repeating: "0", count: count).joined(separator: ",") + "]" }
  #expect(JSONContent(list(99_999).utf8)?.array?.count == 99_999)
  #expect(JSONContent(list(100_000).utf8) == nil)
}

@Test func textInJSONIsUTF8() {
  #expect(JSONContent([0x22, 0xff, 0x22]) == nil)
}
