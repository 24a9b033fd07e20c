/// A tensor of an ONNX file: read when asked for, from where it lies.
package struct ONNXTensor: Sendable {
  enum Contents: Sendable {
    /// Little-endian, row-major, as many bytes as the shape needs.
    case stored(CheckpointFile, Range<Int>, ElementType)
    case integers([Int])
    case floats([Float])
    /// Numbers of a kind that no operator that can be read uses, by the name that ONNX gives it.
    case unreadable(String)
  }

  package var name: String
  package var shape: [Int]
  var contents: Contents

  package var count: Int { shape.reduce(1, *) }

  /// The numbers, row-major; nil for a kind that cannot be read.
  package func constant() -> ONNXConstant? {
    switch contents {
    case .integers(let integers): ONNXConstant(shape: shape, integers: integers)
    case .floats(let floats): ONNXConstant(shape: shape, floats: floats)
    case .stored(let file, let range, let type): Self.read(file, range, type, shape)
    case .unreadable: nil
    }
  }

  private static func read(
    _ file: CheckpointFile, _ range: Range<Int>, _ type: ElementType, _ shape: [Int]
  ) -> ONNXConstant {
    func values<Stored: FixedWidthInteger, Value>(_: Stored.Type, _ value: (Stored) -> Value) -> [Value] {
      let size = MemoryLayout<Stored>.size
      return stride(from: range.lowerBound, to: range.upperBound, by: size).map { byte in
        value(Stored(littleEndian: file.bytes.loadUnaligned(fromByteOffset: byte, as: Stored.self)))
      }
    }
    return switch type {
    case .float64: ONNXConstant(shape: shape, floats: values(UInt64.self) { Float(Double(bitPattern: $0)) })
    case .float32: ONNXConstant(shape: shape, floats: values(UInt32.self) { Float(bitPattern: $0) })
    case .float16: ONNXConstant(shape: shape, floats: values(UInt16.self) { Float(Float16(bitPattern: $0)) })
    case .bfloat16: ONNXConstant(shape: shape, floats: values(UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
    case .int64: ONNXConstant(shape: shape, integers: values(Int64.self) { Int($0) })
    case .int32: ONNXConstant(shape: shape, integers: values(Int32.self) { Int($0) })
    case .int16: ONNXConstant(shape: shape, integers: values(Int16.self) { Int($0) })
    case .int8: ONNXConstant(shape: shape, integers: values(Int8.self) { Int($0) })
    case .uint8: ONNXConstant(shape: shape, integers: values(UInt8.self) { Int($0) })
    case .bool: ONNXConstant(shape: shape, integers: values(UInt8.self) { $0 == 0 ? 0 : 1 })
    }
  }
}

/// The kinds of numbers by ONNX's codes (`TensorProto.DataType`).
enum ONNXDataType {
  static func element(_ code: Int) -> ElementType? {
    switch code {
    case 1: .float32
    case 2: .uint8
    case 3: .int8
    case 5: .int16
    case 6: .int32
    case 7: .int64
    case 9: .bool
    case 10: .float16
    case 11: .float64
    case 16: .bfloat16
    default: nil
    }
  }

  static func name(_ code: Int) -> String {
    let names = [
      "UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE",
      "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16",
    ]
    return names.indices.contains(code) ? names[code] : "type \(code)"
  }

  static func isFloat(_ code: Int) -> Bool { [1, 10, 11, 16].contains(code) }
}
