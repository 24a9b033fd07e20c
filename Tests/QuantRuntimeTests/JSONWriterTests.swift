import FaceqSupport
import Foundation
import Testing

struct JSONWriterTests {
  @Test func writesNestedValues() {
    var json = JSONWriter()
    json.beginObject()
    json.key("images")
    json.value(30)
    json.key("cosine")
    json.beginObject()
    json.key("mean")
    json.value(0.99754, fractionDigits: 4)
    json.key("worst")
    json.value(1e-7, significantDigits: 3)
    json.endObject()
    json.key("blocks")
    json.beginArray()
    json.value(Float(0.1))
    json.value(true)
    json.value(false)
    json.null()
    json.beginArray()
    json.endArray()
    json.beginObject()
    json.endObject()
    json.endArray()
    json.endObject()
    #expect(
      json.text
        == #"{"images": 30, "cosine": {"mean": 0.9975, "worst": 1e-07}, "blocks": [0.100000001, true, false, null, [], {}]}"#
    )
  }

  @Test func numbersThatJSONLacksAreNull() {
    var json = JSONWriter()
    json.beginArray()
    json.value(Float.nan)
    json.value(Double.infinity, fractionDigits: 1)
    json.value(-Double.infinity, significantDigits: 3)
    json.endArray()
    #expect(json.text == "[null, null, null]")
  }

  @Test func everyStringComesBack() throws {
    let controls = String(String.UnicodeScalarView((0..<128).compactMap { Unicode.Scalar($0) }))
    for string in ["", "a/b\\c\"d\"", "ß 😀 \u{2028}", controls] {
      var json = JSONWriter()
      json.beginObject()
      json.key(string)
      json.value(string)
      json.endObject()
      let parsed = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: String]
      #expect(parsed == [string: string])
      #expect(!json.text.utf8.contains { $0 < 0x20 })
    }
  }

  @Test func escapesAsTheStandardSays() {
    var json = JSONWriter()
    json.value("\"\\\n\r\t\u{1}\u{1f}")
    #expect(json.text == #""\"\\\n\r\t\u0001\u001f""#)
  }
}
