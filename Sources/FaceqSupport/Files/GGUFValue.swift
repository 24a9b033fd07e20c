/// One value of a GGUF file's metadata, of the types of the format that faceq writes.
package enum GGUFValue: Sendable, Equatable {
  case uint32(UInt32)
  case int32(Int32)
  case uint64(UInt64)
  case int64(Int64)
  case float32(Float)
  case float64(Double)
  case bool(Bool)
  case string(String)
  case uint32Array([UInt32])
  case int32Array([Int32])
  case uint64Array([UInt64])
  case int64Array([Int64])
  case float32Array([Float])
  case float64Array([Double])
  case boolArray([Bool])
  case stringArray([String])
}

/// The format's numbers for the types of metadata values (`gguf_metadata_value_type` in its specification).
enum GGUFValueType: UInt32 {
  case uint32 = 4
  case int32 = 5
  case float32 = 6
  case bool = 7
  case string = 8
  case array = 9
  case uint64 = 10
  case int64 = 11
  case float64 = 12
}

extension [UInt8] {
  /// Appends type and value as a GGUF file stores them.
  package mutating func append(_ value: GGUFValue) {
    switch value {
    case .uint32(let number): append(.uint32, number)
    case .int32(let number): append(.int32, number)
    case .uint64(let number): append(.uint64, number)
    case .int64(let number): append(.int64, number)
    case .float32(let number): append(.float32, number.bitPattern)
    case .float64(let number): append(.float64, number.bitPattern)
    case .bool(let flag): append(.bool, flag.byte)
    case .string(let text):
      append(littleEndian: GGUFValueType.string.rawValue)
      append(lengthAndText: text)
    case .uint32Array(let numbers): append(arrayOf: .uint32, numbers)
    case .int32Array(let numbers): append(arrayOf: .int32, numbers)
    case .uint64Array(let numbers): append(arrayOf: .uint64, numbers)
    case .int64Array(let numbers): append(arrayOf: .int64, numbers)
    case .float32Array(let numbers): append(arrayOf: .float32, numbers.map { $0.bitPattern })
    case .float64Array(let numbers): append(arrayOf: .float64, numbers.map { $0.bitPattern })
    case .boolArray(let flags): append(arrayOf: .bool, flags.map { $0.byte })
    case .stringArray(let texts):
      append(arrayHeader: .string, count: texts.count)
      for text in texts { append(lengthAndText: text) }
    }
  }

  package mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append(lengthAndText text: String) {
    append(littleEndian: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }

  private mutating func append<Number: FixedWidthInteger>(_ type: GGUFValueType, _ number: Number) {
    append(littleEndian: type.rawValue)
    append(littleEndian: number)
  }

  private mutating func append<Number: FixedWidthInteger>(arrayOf type: GGUFValueType, _ numbers: [Number]) {
    append(arrayHeader: type, count: numbers.count)
    for number in numbers { append(littleEndian: number) }
  }

  private mutating func append(arrayHeader type: GGUFValueType, count: Int) {
    append(littleEndian: GGUFValueType.array.rawValue)
    append(littleEndian: type.rawValue)
    append(littleEndian: UInt64(count))
  }
}

extension Bool {
  fileprivate var byte: UInt8 { self ? 1 : 0 }
}
