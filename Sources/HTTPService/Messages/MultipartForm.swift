/// Reads a body of type `multipart/form-data` (RFC 7578).
struct MultipartForm {
  private let body: [UInt8]
  /// A line's end, two dashes and the boundary.
  private let delimiter: [UInt8]
  private var position = 0

  init(_ body: [UInt8], boundary: [UInt8]) {
    self.body = body
    delimiter = [13, 10, 45, 45] + boundary
  }

  mutating func parts(limit: Int) throws(HTTPFailure) -> [FormPart] {
    // The first boundary may be at the very beginning, without a line's end in front.
    if body.starts(with: delimiter.dropFirst(2)) {
      position = delimiter.count - 2
    } else {
      guard let first = search(delimiter) else { throw malformedForm("its boundary is not in it") }
      position = first + delimiter.count
    }
    var parts: [FormPart] = []
    while !isAtEnd {
      guard parts.count < limit else { throw tooManyParts(limit) }
      parts.append(try part())
    }
    return parts
  }

  private var isAtEnd: Bool { body[position...].starts(with: [45, 45]) }

  private mutating func part() throws(HTTPFailure) -> FormPart {
    guard let lineEnd = search([13, 10]), body[position..<lineEnd].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else {
      throw malformedForm("a boundary does not end its line")
    }
    position = lineEnd
    guard let headersEnd = search([13, 10, 13, 10]), headersEnd - position <= 4096 else {
      throw malformedForm("a part's headers do not end")
    }
    let headers = String(decoding: body[position..<headersEnd], as: UTF8.self)
    var name: String?
    var fileName: String?
    for line in headers.utf8.split(separator: 10) {
      let text = String(decoding: line.drop { $0 <= 0x20 }, as: UTF8.self)
      guard lowercasedASCII(text).utf8.starts(with: "content-disposition:".utf8) else { continue }
      let value = trimmedASCII(String(decoding: text.utf8.prefix { $0 != 13 }, as: UTF8.self))
      name = parameter("name", of: value)
      fileName = parameter("filename", of: value)
    }
    guard let name else { throw malformedForm("a part has no name") }
    // An empty part's boundary begins with the end of its headers.
    position = headersEnd + 2
    guard let end = search(delimiter) else { throw malformedForm("a part does not end") }
    let start = min(headersEnd + 4, end)
    position = end + delimiter.count
    return FormPart(name: name, fileName: fileName, content: body[max(start, 0)..<max(end, start)])
  }

  /// Where `pattern` is first found from the position on.
  private func search(_ pattern: [UInt8]) -> Int? {
    body.withUnsafeBufferPointer { body in
      pattern.withUnsafeBufferPointer { pattern in
        let first = pattern[0]
        var index = position
        while index <= body.count - pattern.count {
          if body[index] == first {
            var length = 1
            while length < pattern.count, body[index + length] == pattern[length] { length += 1 }
            if length == pattern.count { return index }
          }
          index += 1
        }
        return nil
      }
    }
  }
}
