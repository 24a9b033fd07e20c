import Checkpoint
import FaceqSupport
import Foundation
import TestSupport
import Testing

@Suite("Tensors of ONNX files") struct ONNXTensorTests {
  /// The floats that the second operand of an Add is read as.
  private func read(_ tensor: [UInt8], folder: TemporaryFolder, in subfolder: String = "") throws -> [Float] {
    let bytes = ONNXBytes.model([ONNXBytes.node("Add", ["x", "c"], ["y"])], tensors: [tensor])
    let model = try ONNXModel(path: FilePath(try folder.write(bytes, "model.onnx")))
    guard case .floats(let floats) = try #require(model.graph.initialisers["c"]?.constant()).numbers else { return [] }
    return floats
  }

  @Test("numbers in every storage form")
  func forms() throws {
    let folder = try TemporaryFolder()
    let numbers: [Float] = [1, -2.5, 0.125]
    let halves = numbers.map { Int(Float16($0).bitPattern) }
    let doubles = numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: Double(number).bitPattern >> UInt64(8 * $0)) }
    }
    let forms: [(String, Int, [UInt8])] = [
      ("raw float", 1, ONNXBytes.field(9, ONNXBytes.floats(numbers))),
      ("packed float_data", 1, ONNXBytes.field(4, ONNXBytes.floats(numbers))),
      ("float_data one by one", 1, numbers.flatMap { ONNXBytes.field(4, $0) }),
      ("raw half", 10, ONNXBytes.field(9, halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })),
      ("half in int32_data", 10, ONNXBytes.field(5, halves.flatMap(ONNXBytes.varint))),
      ("half in int32_data one by one", 10, halves.flatMap { ONNXBytes.field(5, $0) }),
      ("raw double", 11, ONNXBytes.field(9, doubles)), ("packed double_data", 11, ONNXBytes.field(10, doubles)),
      ("raw bfloat16", 16, ONNXBytes.field(9, numbers.flatMap { ONNXBytes.floats([$0])[2...] })),
      (
        "bfloat16 in int32_data", 16,
        ONNXBytes.field(5, numbers.flatMap { ONNXBytes.varint(Int($0.bitPattern >> 16)) })
      ),
    ]
    for (form, type, contents) in forms {
      #expect(
        try read(ONNXBytes.tensor("c", [3], type: type, contents: contents), folder: folder) == numbers, "\(form)")
    }
  }

  @Test("integers in every storage form")
  func integers() throws {
    let folder = try TemporaryFolder()
    let numbers = [7, -1, Int(Int32.min)]
    let forms: [(Int, [UInt8])] = [
      (7, ONNXBytes.field(9, ONNXBytes.integers(numbers))), (7, ONNXBytes.field(7, numbers.flatMap(ONNXBytes.varint))),
      (6, ONNXBytes.field(5, numbers.flatMap(ONNXBytes.varint))),
    ]
    for (type, contents) in forms {
      let bytes = ONNXBytes.model([], tensors: [ONNXBytes.tensor("c", [3], type: type, contents: contents)])
      let model = try ONNXModel(path: FilePath(try folder.write(bytes)))
      #expect(model.graph.initialisers["c"]?.constant()?.numbers == .integers(numbers))
    }
  }

  @Test("numbers in a second file, beside the model and below it")
  func external() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(ONNXBytes.floats([9, 1, 2, 3]), "weights.bin")
    try FileManager.default.createDirectory(atPath: folder("data"), withIntermediateDirectories: true)
    _ = try folder.write(ONNXBytes.floats([4, 5, 6]), "data/more.bin")
    #expect(try read(ONNXBytes.tensor("c", [3], in: "weights.bin", offset: 4), folder: folder) == [1, 2, 3])
    #expect(try read(ONNXBytes.tensor("c", [3], in: "./data/more.bin", length: 12), folder: folder) == [4, 5, 6])
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "data/more.bin")
    #expect(try read(ONNXBytes.tensor("c", [3], in: "link"), folder: folder) == [4, 5, 6])
  }

  @Test("a second file outside the model's folder is not looked at")
  func outside() throws {
    let folder = try TemporaryFolder()
    let inner = folder("inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    let secret = try folder.write(ONNXBytes.floats([1, 2, 3]), "secret.bin")
    try FileManager.default.createSymbolicLink(atPath: inner + "/link", withDestinationPath: secret)
    try FileManager.default.createSymbolicLink(atPath: inner + "/up", withDestinationPath: "..")
    for path in ["../secret.bin", secret, "link", "up/secret.bin", "data/../../secret.bin", ""] {
      let tensor = ONNXBytes.tensor("c", [3], in: path)
      let file = try folder.write(ONNXBytes.model([], tensors: [tensor]), "inner/model.onnx")
      expectFailure(file, naming: "outside its own folder") { try ONNXModel(path: FilePath(file)) }
    }
  }

  @Test("second files that do not have what the model says")
  func missing() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(ONNXBytes.floats([1, 2]), "short.bin")
    let tensors: [([UInt8], String)] = [
      (ONNXBytes.tensor("c", [3], in: "short.bin"), "past the end of short.bin"),
      (ONNXBytes.tensor("c", [2], in: "short.bin", offset: .max, length: 8), "past the end"),
      (ONNXBytes.tensor("c", [2], in: "short.bin", length: 4), "4 bytes where its shape [2] needs 8"),
      (ONNXBytes.tensor("c", [2], in: "nowhere.bin"), "put it beside the model"),
      (ONNXBytes.tensor("c", [2], in: "."), "cannot be read"),
      (ONNXBytes.tensor("c", [2], in: "short.bin", offset: -1), "no number"),
      (ONNXBytes.tensor("c", [2], contents: ONNXBytes.field(14, 1)), "no name"),
    ]
    for (tensor, detail) in tensors {
      let file = try folder.write(ONNXBytes.model([], tensors: [tensor]), "model.onnx")
      expectFailure(file, naming: detail) { try ONNXModel(path: FilePath(file)) }
    }
  }
}
