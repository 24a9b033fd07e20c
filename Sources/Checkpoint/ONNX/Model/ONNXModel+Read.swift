import FaceqSupport

extension ONNXModel {
  /// The lowest version of the standard operators that is read: the one at which broadcasting became what it is.
  static let oldestOpset = 7

  /// Reads an ONNX file. Weights stay where they are, in the mapped file or in files beside it, until they are used.
  ///
  /// - Throws: one sentence that names the file, for a file that is damaged or holds what is no plain graph.
  package init(path: FilePath) throws(FaceqError) { try self.init(CheckpointFile(path: path)) }

  init(_ file: CheckpointFile) throws(FaceqError) {
    self.file = file
    guard Self.isFormat(file) else {
      let isPointer = file.bytes.starts(with: "version https://git-lfs".utf8)
      throw file.error(
        isPointer
          ? "is a pointer to a file in Git LFS; fetch the file itself (git lfs pull)"
          : "is not an ONNX file; download or export it again")
    }
    irVersion = 0
    producer = ""
    graph = ONNXGraph()
    storedBytes = 0
    var opset: Int?
    var graphs = 0
    var reader = ProtobufReader(file, 0..<file.bytes.count, part: "its model")
    let tensors = ONNXTensorReader(file)
    while let field = try reader.next() {
      switch field.number {
      case 1: irVersion = try field.integer()
      case 2: producer = try field.text()
      case 7:
        graphs += 1
        graph = try ONNXGraph(try field.message("its graph"), tensors)
      case 8:
        let (domain, version) = try Self.operatorSet(try field.message("its list of operator sets"))
        if domain.isEmpty || domain == "ai.onnx" { opset = version }
      case 25:
        throw file.error(
          "defines functions of its own; inline them (onnx.inliner.inline_local_functions) and import the result")
      default: break
      }
    }
    guard graphs == 1 else {
      throw file.damaged(graphs == 0 ? "it holds no graph" : "it holds \(graphs) graphs")
    }
    guard let opset else { throw file.damaged("it does not say which version of the operators it uses") }
    guard opset >= Self.oldestOpset else {
      throw file.error(
        "uses opset \(opset), and faceq reads \(Self.oldestOpset) and newer; convert it with onnx.version_converter")
    }
    self.opset = opset
    storedBytes = tensors.storedBytes
  }

  /// Whether the file begins as an ONNX model does: its first fields, as far as they can be read, are a model's.
  static func isFormat(_ file: CheckpointFile) -> Bool {
    var reader = ProtobufReader(file, 0..<file.bytes.count, part: "its model")
    for position in 0..<3 {
      let field: ProtobufField?
      do { field = try reader.next() } catch { return position > 0 }
      guard let field else { return position > 0 }
      switch (field.number, field.value) {
      case (1, .varint), (5, .varint), (2, .bytes), (3, .bytes), (4, .bytes), (6, .bytes), (7, .bytes), (8, .bytes),
        (14, .bytes), (20, .bytes), (25, .bytes):
        continue
      default: return false
      }
    }
    return true
  }

  private static func operatorSet(_ reader: ProtobufReader) throws(FaceqError) -> (domain: String, version: Int) {
    var reader = reader
    var domain = ""
    var version = 0
    while let field = try reader.next() {
      switch field.number {
      case 1: domain = try field.text()
      case 2: version = try field.integer()
      default: break
      }
    }
    return (domain, version)
  }
}
