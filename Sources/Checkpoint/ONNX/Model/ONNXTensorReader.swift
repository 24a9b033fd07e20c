import FaceqSupport

/// Reads tensors in each of the forms that ONNX stores them in: raw bytes, lists of numbers, files beside the model.
final class ONNXTensorReader {
  let file: CheckpointFile
  private let external: ONNXExternalData
  /// Bytes of all tensors read so far.
  private(set) var storedBytes = 0

  init(_ file: CheckpointFile) {
    self.file = file
    external = ONNXExternalData(model: file)
  }

  /// The fields of a `TensorProto`.
  private struct Fields {
    var name = ""
    var shape: [Int] = []
    var type = 0
    var raw: Range<Int>?
    var floats: [Float] = []
    var integers: [Int] = []
    var isExternal = false
    var location: ONNXExternalData.Location?
    var isSegment = false

    var shownName: String { name.isEmpty ? "of a node" : printable(name) }
  }

  func tensor(_ reader: ProtobufReader) throws(FaceqError) -> ONNXTensor {
    let fields = try read(reader)
    func damaged(_ what: String) -> FaceqError { file.damaged("the tensor \(fields.shownName) \(what)") }

    guard !fields.isSegment else {
      throw file.error("stores a tensor in segments; save it again with the onnx package")
    }
    guard let count = elementCount(fields.shape) else {
      throw damaged("has the impossible shape \(fields.shape)")
    }
    guard let type = ONNXDataType.element(fields.type) else {
      return ONNXTensor(
        name: fields.name, shape: fields.shape, contents: .unreadable(ONNXDataType.name(fields.type)))
    }
    let contents: ONNXTensor.Contents
    if fields.isExternal || fields.raw != nil {
      let (holder, range) =
        fields.isExternal
        ? try external.bytes(fields.location, tensor: fields.shownName, wanted: count * type.size)
        : (file, fields.raw ?? 0..<0)
      guard range.count == count * type.size else {
        throw damaged("has \(range.count) bytes where its shape \(fields.shape) needs \(count * type.size)")
      }
      contents = .stored(holder, range, type)
    } else {
      let (numbers, held) = listed(fields, type)
      guard held == count else {
        throw damaged("has \(held) numbers where its shape \(fields.shape) needs \(count)")
      }
      contents = numbers
    }
    storedBytes += count * type.size
    return ONNXTensor(name: fields.name, shape: fields.shape, contents: contents)
  }

  /// How many numbers a tensor of this shape has; nil for a shape that no file can hold.
  private func elementCount(_ shape: [Int]) -> Int? {
    guard shape.allSatisfy((0...Int(Int32.max)).contains), boundedCount(shape) != nil else { return nil }
    return shape.reduce(1, *)
  }

  private func read(_ reader: ProtobufReader) throws(FaceqError) -> Fields {
    var reader = reader
    var fields = Fields()
    while let field = try reader.next() {
      switch field.number {
      case 1: try field.integers(to: &fields.shape, limit: 8)
      case 2: fields.type = try field.integer()
      case 3: fields.isSegment = true
      case 4: try field.floats(to: &fields.floats)
      case 5, 7: try field.integers(to: &fields.integers)
      case 8: fields.name = try field.text()
      case 9: fields.raw = try field.bytes()
      case 10: try field.doubles(to: &fields.floats)
      case 13: try external.read(try field.message("a tensor's place"), into: &fields.location)
      case 14: fields.isExternal = try field.integer() == 1
      default: break
      }
    }
    return fields
  }

  /// The numbers of the typed lists; halves are stored there as the bits of an integer.
  private func listed(_ fields: Fields, _ type: ElementType) -> (ONNXTensor.Contents, count: Int) {
    switch type {
    case .float32, .float64: (.floats(fields.floats), fields.floats.count)
    case .float16:
      (
        .floats(fields.integers.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) }),
        fields.integers.count
      )
    case .bfloat16:
      (
        .floats(fields.integers.map { Float(bitPattern: UInt32(UInt16(truncatingIfNeeded: $0)) << 16) }),
        fields.integers.count
      )
    default: (.integers(fields.integers), fields.integers.count)
    }
  }
}
