/// What can be a value of a JSON text.
package protocol JSONValue {
  func write(to json: inout JSONWriter)
}

extension String: JSONValue { package func write(to json: inout JSONWriter) { json.value(self) } }
extension FilePath: JSONValue { package func write(to json: inout JSONWriter) { json.value(self) } }
extension Int: JSONValue { package func write(to json: inout JSONWriter) { json.value(self) } }
extension Bool: JSONValue { package func write(to json: inout JSONWriter) { json.value(self) } }
extension Float: JSONValue { package func write(to json: inout JSONWriter) { json.value(self) } }

/// A value that may be missing: nil is `null`.
extension Optional: JSONValue where Wrapped: JSONValue {
  package func write(to json: inout JSONWriter) {
    if let self { self.write(to: &json) } else { json.null() }
  }
}

extension Array: JSONValue where Element: JSONValue {
  package func write(to json: inout JSONWriter) {
    json.beginArray()
    for element in self { element.write(to: &json) }
    json.endArray()
  }
}

/// A number with so many significant digits; `null` for what is not finite.
package struct JSONNumber: JSONValue {
  private let value: Double
  private let digits: Int

  package init(_ value: Double, digits: Int) {
    self.value = value
    self.digits = digits
  }

  package func write(to json: inout JSONWriter) { json.value(value, significantDigits: digits) }
}

// Members and elements of objects and arrays.
extension JSONWriter {
  /// A text that is one object.
  package static func text(_ members: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    json.object(members)
    return json.text
  }

  /// A member of the object that was begun last.
  package mutating func member<Value: JSONValue>(_ name: String, _ value: Value) {
    key(name)
    value.write(to: &self)
  }

  /// A member that is a number with so many significant digits; `null` for nil and what is not finite.
  package mutating func member(_ name: String, _ number: Double?, digits: Int) {
    member(name, number.map { JSONNumber($0, digits: digits) })
  }

  /// A member that is a number with so many digits after the point; `null` for what is not finite.
  package mutating func member(_ name: String, _ number: Double, fractionDigits: Int) {
    key(name)
    value(number, fractionDigits: fractionDigits)
  }

  /// An object; `members` writes what is in it.
  package mutating func object(_ members: (inout JSONWriter) -> Void) {
    beginObject()
    members(&self)
    endObject()
  }

  /// A member that is an object.
  package mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
    key(name)
    object(members)
  }

  /// A member that is an array with an object for each element; `members` writes what is in it.
  package mutating func objects<Elements: Sequence>(
    _ name: String, _ elements: Elements, _ members: (inout JSONWriter, Elements.Element) -> Void
  ) {
    key(name)
    beginArray()
    for element in elements { object { members(&$0, element) } }
    endArray()
  }
}
