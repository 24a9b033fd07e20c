/// A field or a file of a form.
package struct FormPart: Sendable {
  package var name: String
  /// What the file is called where it comes from; nil of a field.
  package var fileName: String?
  package var content: ArraySlice<UInt8>

  package var text: String? { String(validating: content, as: UTF8.self) }
}

extension HTTPRequest {
  /// The parts of a body of type `multipart/form-data` or `application/x-www-form-urlencoded`, nil of another type.
  ///
  /// - Throws: where the body is not what its type says, or has more than `limit` parts.
  package func formParts(limit: Int = 64) throws(HTTPFailure) -> [FormPart]? {
    guard let type = contentType else { return nil }
    if type.utf8.elementsEqual("application/x-www-form-urlencoded".utf8) {
      // Each becomes some hundred bytes.
      guard body.count(where: { $0 == UInt8(ascii: "&") }) < limit else { throw tooManyParts(limit) }
      return try RequestTarget.items(body).map {
        FormPart(name: $0.name, content: Array($0.value.utf8)[...])
      }
    }
    guard type.utf8.elementsEqual("multipart/form-data".utf8) else { return nil }
    guard
      let boundary = headers["content-type"].flatMap({ parameter("boundary", of: $0) }),
      (1...70).contains(boundary.utf8.count)
    else { throw malformedForm("its type names no boundary") }
    var form = MultipartForm(body, boundary: Array(boundary.utf8))
    return try form.parts(limit: limit)
  }
}

func tooManyParts(_ limit: Int) -> HTTPFailure {
  HTTPFailure(.contentTooLarge, "too_many_parts", "the form has more than \(limit) parts")
}

func malformedForm(_ what: String) -> HTTPFailure {
  HTTPFailure(.badRequest, "malformed", "the body is no multipart form: \(what)")
}

/// The value of a parameter in a header: `boundary` of `multipart/form-data; boundary="x"`.
func parameter(_ name: String, of header: String) -> String? {
  var rest = Array(header.utf8)[...]
  func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  guard let first = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
  rest = rest[first...]
  while rest.popFirst() == UInt8(ascii: ";") {
    rest = rest.drop(while: isSpace)
    let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
    rest = rest.dropFirst(key.count)
    var value: [UInt8] = []
    if rest.first == UInt8(ascii: "=") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "\"") {
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
          // Browsers escape a quote as %22; other clients write a backslash in front of it.
          value.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
        }
        rest = rest.drop { $0 != UInt8(ascii: ";") }
      } else {
        value = Array(rest.prefix { $0 != UInt8(ascii: ";") })
        rest = rest.dropFirst(value.count)
        while let last = value.last, isSpace(last) { value.removeLast() }
      }
    }
    let known = lowercasedASCII(String(decoding: key, as: UTF8.self))
    if known.utf8.elementsEqual(name.utf8) { return String(decoding: value, as: UTF8.self) }
  }
  return nil
}
