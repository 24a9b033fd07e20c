import FaceqSupport

/// Markup in which every interpolated text is escaped, so that a name from outside is never more than a name.
///
///     let cell: HTML = "<td>\(path)</td>"
package struct HTML: ExpressibleByStringInterpolation, Sendable, Equatable {
  package private(set) var text: String

  package init(stringLiteral text: String) { self.text = text }

  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ text: String) { self.text += escaped(text) }
    package mutating func appendInterpolation(_ path: FilePath) { appendInterpolation(path.description) }
    package mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
    package mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
    package mutating func appendInterpolation(_ markups: [HTML]) { for markup in markups { text += markup.text } }
  }

  static func + (left: HTML, right: HTML) -> HTML { "\(left)\(right)" }
  static func += (left: inout HTML, right: HTML) { left.text += right.text }
}

/// Safe between tags and in quoted attributes; control characters, which HTML forbids, become U+FFFD.
private func escaped(_ text: String) -> String {
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    case "'": escaped += "&#39;"
    case "\t", "\n": escaped.unicodeScalars.append(scalar)
    case "\0"..<" ", "\u{7F}"..."\u{9F}": escaped += "\u{FFFD}"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
