import FaceqSupport

/// A text as a field of a CSV row (RFC 4180): in quotation marks where it needs them.
func csvField(_ text: String) -> String {
  let special = Array(",\"\r\n".utf8)
  guard text.utf8.contains(where: { special.contains($0) }) else { return text }
  var quoted = Array("\"".utf8)
  for byte in text.utf8 {
    quoted.append(byte)
    if byte == UInt8(ascii: "\"") { quoted.append(byte) }
  }
  quoted.append(UInt8(ascii: "\""))
  return String(decoding: quoted, as: UTF8.self)
}
