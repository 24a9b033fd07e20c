/// Writes ONNX files byte by byte, whatever they are worth.
enum ONNXBytes {
  static func varint(_ value: Int) -> [UInt8] {
    var rest = UInt64(bitPattern: Int64(value))
    var bytes: [UInt8] = []
    repeat {
      bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  static func field(_ number: Int, _ value: Int) -> [UInt8] { varint(number << 3) + varint(value) }
  static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(bytes.count) + bytes
  }
  static func field(_ number: Int, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
  static func field(_ number: Int, _ float: Float) -> [UInt8] { varint(number << 3 | 5) + floats([float]) }

  static func floats(_ floats: [Float]) -> [UInt8] {
    floats.flatMap { float in (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> (8 * $0)) } }
  }

  static func integers(_ integers: [Int]) -> [UInt8] {
    integers.flatMap { integer in (0..<8).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) } }
  }

  /// A tensor of which `contents` are the fields with its numbers.
  static func tensor(_ name: String, _ shape: [Int], type: Int = 1, contents: [UInt8]) -> [UInt8] {
    shape.flatMap { field(1, $0) } + field(2, type) + field(8, name) + contents
  }

  static func tensor(_ name: String, _ shape: [Int], _ floats: [Float]) -> [UInt8] {
    tensor(name, shape, contents: field(9, Self.floats(floats)))
  }

  static func tensor(_ name: String, _ integers: [Int], shape: [Int]? = nil) -> [UInt8] {
    tensor(name, shape ?? [integers.count], type: 7, contents: field(9, Self.integers(integers)))
  }

  /// A tensor in a second file.
  static func tensor(_ name: String, _ shape: [Int], in path: String, offset: Int = 0, length: Int? = nil) -> [UInt8] {
    var places = [("location", path), ("offset", "\(offset)")]
    if let length { places.append(("length", "\(length)")) }
    return tensor(name, shape, contents: places.flatMap { field(13, field(1, $0.0) + field(2, $0.1)) } + field(14, 1))
  }

  enum Attribute {
    case integer(Int)
    case integers([Int])
    case float(Float)
    case floats([Float])
    case text(String)
    case tensor([UInt8])

    func bytes(_ name: String) -> [UInt8] {
      let value: (type: Int, bytes: [UInt8]) =
        switch self {
        case .integer(let value): (2, field(3, value))
        case .integers(let values): (7, values.flatMap { field(8, $0) })
        case .float(let value): (1, field(2, value))
        case .floats(let values): (6, values.flatMap { field(7, $0) })
        case .text(let value): (3, field(4, value))
        case .tensor(let bytes): (4, field(5, bytes))
        }
      return field(1, name) + value.bytes + field(20, value.type)
    }
  }

  static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], name: String = "", domain: String = "",
    _ attributes: [(String, Attribute)] = []
  ) -> [UInt8] {
    inputs.flatMap { field(1, $0) } + outputs.flatMap { field(2, $0) } + field(3, name) + field(4, type)
      + attributes.flatMap { field(5, $0.1.bytes($0.0)) } + (domain.isEmpty ? [] : field(7, domain))
  }

  /// A declared input or output; nil stands for a symbolic length.
  static func value(_ name: String, _ shape: [Int?]) -> [UInt8] {
    let axes = shape.flatMap { field(1, $0.map { field(1, $0) } ?? field(2, "N")) }
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, axes)))
  }

  /// A file of a graph from `x` to the named outputs.
  static func model(
    _ nodes: [[UInt8]], tensors: [[UInt8]] = [], input: [Int?] = [nil, 3, 8, 8], outputs: [String] = ["y"],
    inputs: [[UInt8]] = [], opset: Int = 13, extra: [UInt8] = []
  ) -> [UInt8] {
    let graph =
      nodes.flatMap { field(1, $0) } + tensors.flatMap { field(5, $0) } + field(11, value("x", input))
      + inputs.flatMap { field(11, $0) } + outputs.flatMap { field(12, value($0, [nil])) }
    return field(1, 8) + field(2, "test") + field(7, graph) + extra + field(8, field(2, opset))
  }
}
