/// Reads a GGUF header from front to back and never past the file's end, whatever the counts in it say.
struct GGUFCursor {
  let path: FilePath
  let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  mutating func uint32() throws(FaceqError) -> UInt32 { try number() }
  mutating func uint64() throws(FaceqError) -> UInt64 { try number() }

  mutating func string() throws(FaceqError) -> String {
    let text = try take(count: uint64(), of: 1)
    guard let string = String(validating: text, as: UTF8.self) else {
      throw damagedFile(path, "text at byte \(offset - text.count) is not UTF-8")
    }
    return string
  }

  /// The type and the value of the metadata entry `key`.
  mutating func value(of key: String) throws(FaceqError) -> GGUFValue {
    switch try valueType(of: key) {
    case .uint32: .uint32(try number())
    case .int32: .int32(try number())
    case .uint64: .uint64(try number())
    case .int64: .int64(try number())
    case .float32: .float32(try number())
    case .float64: .float64(try number())
    case .bool: .bool(try flag())
    case .string: .string(try string())
    case .array: try array(of: key)
    }
  }

  private mutating func array(of key: String) throws(FaceqError) -> GGUFValue {
    let type = try valueType(of: key)
    let count = try uint64()
    switch type {
    case .uint32: return .uint32Array(try numbers(count))
    case .int32: return .int32Array(try numbers(count))
    case .uint64: return .uint64Array(try numbers(count))
    case .int64: return .int64Array(try numbers(count))
    case .float32: return .float32Array(try numbers(count))
    case .float64: return .float64Array(try numbers(count))
    case .bool:
      var flags: [Bool] = []
      for _ in 0..<count { flags.append(try flag()) }
      return .boolArray(flags)
    case .string:
      var strings: [String] = []
      for _ in 0..<count { strings.append(try string()) }
      return .stringArray(strings)
    case .array:
      throw FaceqError("\(path) is not a faceq model: its key \(quoted(key)) is an array of arrays")
    }
  }

  private mutating func valueType(of key: String) throws(FaceqError) -> GGUFValueType {
    let code = try uint32()
    guard let type = GGUFValueType(rawValue: code) else {
      throw FaceqError("\(path) is not a faceq model, or damaged: its key \(quoted(key)) has the value type \(code)")
    }
    return type
  }

  private mutating func flag() throws(FaceqError) -> Bool {
    let byte: UInt8 = try number()
    guard byte <= 1 else { throw damagedFile(path, "the flag at byte \(offset - 1) is \(byte)") }
    return byte == 1
  }

  private mutating func number<Number: BitwiseCopyable>() throws(FaceqError) -> Number {
    try take(count: 1, of: MemoryLayout<Number>.size).loadUnaligned(as: Number.self)
  }

  private mutating func numbers<Number: BitwiseCopyable>(_ count: UInt64) throws(FaceqError) -> [Number] {
    let source = try take(count: count, of: MemoryLayout<Number>.size)
    return [Number](unsafeUninitializedCapacity: Int(count)) { numbers, initializedCount in
      UnsafeMutableRawBufferPointer(numbers).copyMemory(from: source)
      initializedCount = Int(count)
    }
  }

  /// The next `count` elements of `size` bytes.
  private mutating func take(count: UInt64, of size: Int) throws(FaceqError) -> UnsafeRawBufferPointer {
    let remaining = bytes.count - offset
    guard count <= UInt64(remaining / size) else {
      throw damagedFile(path, "at byte \(offset), \(count) × \(size) bytes should follow, but \(remaining) do")
    }
    defer { offset += Int(count) * size }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(count) * size])
  }
}
