import FaceqSupport

/// More nodes, or more tensors, than any network has: a file with more of them asks for memory out of proportion.
private let listLimit = 100_000

extension ONNXGraph {
  init(_ reader: ProtobufReader, _ tensors: ONNXTensorReader) throws(FaceqError) {
    var reader = reader
    let file = tensors.file
    while let field = try reader.next() {
      guard max(nodes.count, initialisers.count, inputs.count, outputs.count) < listLimit else {
        throw file.error("holds more than \(listLimit) nodes or tensors, far more than a network has")
      }
      switch field.number {
      case 1: nodes.append(try ONNXNode(try field.message("a node"), tensors))
      case 5:
        let tensor = try tensors.tensor(try field.message("a tensor"))
        guard !tensor.name.isEmpty else { throw file.damaged("it holds a tensor without a name") }
        guard initialisers.updateValue(tensor, forKey: tensor.name) == nil else {
          throw file.damaged("it holds the tensor \(printable(tensor.name)) twice")
        }
      case 11: inputs.append(try ONNXValue(try field.message("an input")))
      case 12: outputs.append(try ONNXValue(try field.message("an output")))
      case 15: throw file.error("holds sparse tensors, which faceq does not read; export it with dense ones")
      default: break
      }
    }
    // Before IR version 4 every initialiser had to be listed as an input as well.
    inputs.removeAll { initialisers[$0.name] != nil }
  }
}

extension ONNXNode {
  init(_ reader: ProtobufReader, _ tensors: ONNXTensorReader) throws(FaceqError) {
    var reader = reader
    while let field = try reader.next() {
      switch field.number {
      case 1: inputs.append(try field.text())
      case 2: outputs.append(try field.text())
      case 3: name = try field.text()
      case 4: type = try field.text()
      case 5:
        let (name, value) = try ONNXAttribute.read(try field.message("an attribute"), tensors)
        guard attributes.updateValue(value, forKey: name) == nil else {
          throw tensors.file.damaged("a node has the attribute \(printable(name)) twice")
        }
      case 7:
        domain = try field.text()
        if domain == "ai.onnx" { domain = "" }
      default: break
      }
    }
    guard !type.isEmpty else { throw tensors.file.damaged("the node \(printable(label)) names no operator") }
  }
}

extension ONNXAttribute {
  /// One attribute: its name and its value. Sub-graphs are not looked into.
  fileprivate static func read(
    _ reader: ProtobufReader, _ tensors: ONNXTensorReader
  ) throws(FaceqError) -> (name: String, value: Self) {
    var reader = reader
    var name = ""
    // An attribute whose value is the default of its type (0, an empty list) may hold no value at all.
    var type: Int?
    var values: [Int: Self] = [:]
    var floats: [Float] = []
    var integers: [Int] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.text()
      case 2: values[1] = .float(try field.float())
      case 3: values[2] = .integer(try field.integer())
      case 4: values[3] = try readText(field)
      case 5: values[4] = .tensor(try tensors.tensor(try field.message("a tensor")))
      case 6: values[5] = .other("a graph")
      case 7: try field.floats(to: &floats)
      case 8: try field.integers(to: &integers)
      case 20: type = try field.integer()
      default: break
      }
    }
    guard !name.isEmpty else { throw tensors.file.damaged("a node has an attribute without a name") }
    if !floats.isEmpty { values[6] = .floats(floats) }
    if !integers.isEmpty { values[7] = .integers(integers) }
    let defaults: [Int: Self] = [1: .float(0), 2: .integer(0), 3: .text(""), 6: .floats([]), 7: .integers([])]
    guard let type else {
      return (name, values.count == 1 ? values.first?.value ?? .other("nothing") : .other("nothing"))
    }
    return (name, values[type] ?? defaults[type] ?? .other("a value of type \(type)"))
  }

  private static func readText(_ field: ProtobufField) throws(FaceqError) -> Self {
    let bytes = field.file.bytes[try field.bytes()]
    return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .other("bytes that are no text")
  }
}

extension ONNXValue {
  fileprivate init(_ reader: ProtobufReader) throws(FaceqError) {
    var reader = reader
    name = ""
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.text()
      case 2: shape = try Self.shape(ofType: try field.message("a type"))
      default: break
      }
    }
  }

  /// The shape in a `TypeProto`: field 1 is a tensor's type, in it field 2 the shape, in it field 1 each axis.
  private static func shape(ofType type: ProtobufReader) throws(FaceqError) -> [Int?]? {
    var type = type
    var shape: [Int?]?
    while let field = try type.next() {
      guard field.number == 1 else { continue }
      var tensor = try field.message("a type")
      while let field = try tensor.next() {
        guard field.number == 2 else { continue }
        shape = []
        var axes = try field.message("a shape")
        while let field = try axes.next() {
          guard field.number == 1 else { continue }
          guard let count = shape?.count, count < 8 else { throw field.file.damaged("a shape has more than 8 axes") }
          shape?.append(try length(ofAxis: try field.message("a shape")))
        }
      }
    }
    return shape
  }

  private static func length(ofAxis axis: ProtobufReader) throws(FaceqError) -> Int? {
    var axis = axis
    var length: Int?
    while let field = try axis.next() {
      // Exporters write 0 or −1 for a length that is only known later.
      if field.number == 1 { length = try field.integer() }
    }
    return length.flatMap { $0 > 0 ? $0 : nil }
  }
}
