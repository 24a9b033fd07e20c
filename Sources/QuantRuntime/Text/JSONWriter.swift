/// Builds one JSON text (RFC 8259) from front to back; commas and escapes are its business.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.key("images")
///     json.value(30)
///     json.endObject()
///     json.text  // {"images": 30}
public struct JSONWriter: Sendable {
  public private(set) var text = ""
  private var needsComma = false

  public init() {}

  /// Gives away the text so far; what is added later goes on behind it.
  package mutating func takeText() -> String {
    defer { text = "" }
    return text
  }

  public mutating func beginObject() { open("{") }
  public mutating func endObject() { close("}") }
  public mutating func beginArray() { open("[") }
  public mutating func endArray() { close("]") }

  /// The name of the object member whose value follows.
  public mutating func key(_ name: String) {
    value(name)
    text += ": "
    needsComma = false
  }

  public mutating func value(_ string: String) {
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

  /// As text, in which what is not UTF-8 is escaped.
  package mutating func value(_ path: FilePath) { value(path.description) }

  public mutating func value(_ number: Int) { append("\(number)") }

  public mutating func value(_ flag: Bool) { append(flag ? "true" : "false") }

  /// With enough digits to get the same `Float` back; null for what is not finite.
  public mutating func value(_ number: Float) { value(Double(number), significantDigits: 9) }

  /// Null for what is not finite.
  public mutating func value(_ number: Double, significantDigits: Int) {
    append(number.isFinite ? formatSignificant(number, digits: significantDigits) : "null")
  }

  /// Null for what is not finite.
  public mutating func value(_ number: Double, fractionDigits: Int) {
    append(number.isFinite ? formatDecimal(number, fractionDigits: fractionDigits) : "null")
  }

  public mutating func null() { append("null") }

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
