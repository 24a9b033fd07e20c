/// What a JSON text (RFC 8259) says.
package indirect enum JSONContent: Sendable, Equatable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case array([JSONContent])
  /// The members in their order; where a name is there twice, the first counts.
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONContent
  }

  /// A member of an object; nil of anything else, and where there is none.
  package func member(_ name: String) -> JSONContent? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var number: Double? { if case .number(let number) = self { number } else { nil } }
  package var array: [JSONContent]? { if case .array(let elements) = self { elements } else { nil } }
}
