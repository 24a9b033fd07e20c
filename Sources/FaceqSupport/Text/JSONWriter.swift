/// Builds one JSON text (RFC 8259) from front to back; commas and escapes are its business.
///
///     var json = JSONWriter()
///     json.object { $0.member("images", 30) }
///     json.text  // {"images": 30}
package struct JSONWriter: Sendable {
  package private(set) var text = ""
  private var needsComma = false

  package init() {}

  /// Gives away the text so far; what is added later continues it.
  package mutating func takeText() -> String {
    defer { text = "" }
    return text
  }

  package mutating func beginObject() { open("{") }
  package mutating func endObject() { close("}") }
  package mutating func beginArray() { open("[") }
  package mutating func endArray() { close("]") }

  /// The name of the object member whose value follows.
  package mutating func key(_ name: String) {
    value(name)
    text += ": "
    needsComma = false
  }

  package mutating func value(_ string: String) {
    append("\"")
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\0"..<" ": text += "\\u00" + hexadecimal(CollectionOfOne(UInt8(scalar.value)))
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// Adds a path as text, in which what is not UTF-8 is escaped.
  package mutating func value(_ path: FilePath) { value(path.description) }

  package mutating func value(_ number: Int) { append("\(number)") }

  package mutating func value(_ flag: Bool) { append(flag ? "true" : "false") }

  /// Adds a number with enough digits to get the same `Float` back; `null` for what is not finite.
  package mutating func value(_ number: Float) { value(Double(number), significantDigits: 9) }

  /// Adds a number; `null` for what is not finite.
  package mutating func value(_ number: Double, significantDigits: Int) {
    append(number.isFinite ? formatSignificant(number, digits: significantDigits) : "null")
  }

  /// Adds a number; `null` for what is not finite.
  package mutating func value(_ number: Double, fractionDigits: Int) {
    append(number.isFinite ? formatDecimal(number, fractionDigits: fractionDigits) : "null")
  }

  package mutating func null() { append("null") }

  private mutating func append(_ token: String) {
    if needsComma { text += ", " }
    text += token
    needsComma = true
  }

  private mutating func open(_ bracket: String) {
    append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    text += bracket
    needsComma = true
  }
}
