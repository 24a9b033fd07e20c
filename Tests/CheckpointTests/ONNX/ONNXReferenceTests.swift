import Checkpoint
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Operators by themselves, against what the onnx package computes.
@Suite("ONNX operators against the onnx package") struct ONNXReferenceTests {
  @Test("each form of an operator", .enabled(if: ONNXData.canMake, Comment(rawValue: ONNXData.makingNeeds)))
  func operators() throws {
    let folder = try TemporaryFolder()
    try TestData.script("onnx_operators.py", folder(""))
    let answers = try StateDict(path: FilePath(folder("answers.npz")))
    let names = answers.names.filter { $0.hasSuffix(".x") }.map { String($0.dropLast(2)) }
    #expect(names.count > 30)
    for name in names {
      let image = try #require(answers[name + ".x"])
      let wanted = try #require(answers[name + ".y"])
      let graph = try ONNXModel(path: FilePath(folder(name + ".onnx"))).operators()
      let result = try #require(OperatorInterpreter(graph: graph).run(image.floats())["y"])
      #expect(result.shape == wanted.shape, "\(name)")
      let differences = zip(result.values, wanted.floats()).map { abs($0 - $1) / max(1, abs($1)) }
      #expect(differences.count == wanted.count && differences.max() ?? 1 < 1e-5, "\(name): \(differences.max() ?? 1)")
    }
  }
}
