/// Element types of GGUF tensors that faceq reads; the raw values are the format's numbers (`ggml_type`).
package enum GGUFTensorType: UInt32, Sendable {
  case float32 = 0
  case float16 = 1
  case int8 = 24
  case int16 = 25
  case int32 = 26
  case int64 = 27
  case float64 = 28

  /// How many bytes an element has.
  package var elementSize: Int {
    switch self {
    case .int8: 1
    case .float16, .int16: 2
    case .float32, .int32: 4
    case .int64, .float64: 8
    }
  }

  package var name: String {
    switch self {
    case .float32: "float32"
    case .float16: "float16"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .float64: "float64"
    }
  }
}

/// A Swift type whose memory is that of a tensor element.
package protocol GGUFElement: BitwiseCopyable {
  static var tensorType: GGUFTensorType { get }
}

extension Float: GGUFElement { package static var tensorType: GGUFTensorType { .float32 } }
extension Double: GGUFElement { package static var tensorType: GGUFTensorType { .float64 } }
extension Int8: GGUFElement { package static var tensorType: GGUFTensorType { .int8 } }
extension Int16: GGUFElement { package static var tensorType: GGUFTensorType { .int16 } }
extension Int32: GGUFElement { package static var tensorType: GGUFTensorType { .int32 } }
extension Int64: GGUFElement { package static var tensorType: GGUFTensorType { .int64 } }

/// A tensor inside a mapped GGUF file.
package struct GGUFTensor: Sendable {
  package let name: String
  /// The dimensions, the slowest first; one to four, each at least 1. (The file stores them reversed.)
  package let dimensions: [Int]
  package let type: GGUFTensorType
  package let file: MappedFile
  let range: Range<Int>

  /// The elements, row-major, little-endian, aligned to the file's alignment. Valid as long as this tensor, or the file
  /// it is from, lives.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: file.bytes[range]) }

  /// How many elements there are: the product of the dimensions.
  package var count: Int { range.count / type.elementSize }

  /// A copy of the elements; an error where the tensor is of another type.
  package func elements<Element: GGUFElement>(as _: Element.Type) throws(FaceqError) -> [Element] {
    guard type == Element.tensorType else {
      throw FaceqError(
        "\(file.path): tensor \(quoted(name)) is \(type.name) where \(Element.tensorType.name) is needed; make the "
          + "model again with this version of faceq")
    }
    return [Element](unsafeUninitializedCapacity: count) { elements, initializedCount in
      UnsafeMutableRawBufferPointer(elements).copyMemory(from: bytes)
      initializedCount = count
    }
  }
}
