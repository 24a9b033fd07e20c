import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Networks from ONNX files by the commands.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct ONNXCommandTests {
  private static let canMake = (try? runPython(["-c", "import onnx"])) != nil

  let bench: Bench
  private let trained = (sharedData ?? "") + "/models/onnx/foamliu_MobileFaceNet.onnx"
  private let contract = ["--mean", "123.675,116.28,103.53", "--std", "58.395,57.12,57.375"]

  init() throws { bench = try Workshop.shared.get().bench() }

  @discardableResult
  private func succeed(_ arguments: String...) throws -> String { try succeed(arguments) }

  @discardableResult
  private func succeed(_ arguments: [String]) throws -> String {
    let result = try bench.faceq(arguments)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result.output
  }

  private func expectRefusal(_ arguments: [String], naming parts: String..., file: String = "new.gguf") throws {
    let result = try bench.faceq(arguments)
    #expect(result.status != 0 && result.output.isEmpty)
    #expect(result.errors.split(separator: "\n").count <= 8, "\(result.errors)")
    for part in parts { #expect(result.errors.contains(part), "\(result.errors)") }
    #expect(try !bench.newFiles().contains(file))
  }

  @Test(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
  func aTrainedNetworkWithItsContractAndLicence() throws {
    // The name does not matter.
    try FileManager.default.createSymbolicLink(atPath: bench.folder("net.pth"), withDestinationPath: trained)
    let assumed = try succeed("import", "net.pth", "-o", "assumed.gguf")
    for fact in ["128 components", "989,952", "(pixel − 127.5) / 127.5", "RGB", "are assumed", "--mean"] {
      #expect(assumed.contains(fact))
    }
    let report = try succeed(
      ["import", "net.pth", "--licence", "Apache-2.0", "-o", "foam.gguf"] + contract)
    #expect(report.contains("mean and deviation as chosen"))
    #expect(report.contains("(pixel − [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375]"))
    let info = try members(try succeed("info", "foam.gguf", "--json"))
    #expect(info["licence"] as? String == "Apache-2.0")
    #expect((info["source"] as? [String: Any])?["name"] as? String == "net.pth")
    #expect(try succeed("info", "foam.gguf").contains("licence       Apache-2.0"))
    #expect(try succeed("info", "foam.gguf", "--graph").contains("clamp 0…6"))

    let bgr = try succeed(["import", "net.pth", "--channels", "bgr", "-o", "bgr.gguf"] + contract)
    #expect(bgr.contains("(pixel − [103.53, 116.28, 123.675]) / [57.375, 57.12, 58.395]") && bgr.contains("BGR"))
  }

  @Test(.enabled(if: canMake, "needs python3 with onnx"))
  func embeddingsOf128ComponentsFillABank() throws {
    try runPython([fixtures + "/make_onnx.py", "mbf_tiny", bench.folder("mbf.onnx")])
    try succeed(["import", "mbf.onnx", "-o", "mbf.gguf"] + contract)
    try succeed("embed", "mbf.gguf", "face1.jpg", "face2.jpg", "-o", "rows.npy")
    #expect(try bench.rows("rows.npy").map(\.count) == [128, 128])
    try succeed("enroll", "people.bank", "Ada", "face1.jpg", "--model", "mbf.gguf")
    try succeed("enroll", "people.bank", "Bob", "face3.jpg", "--model", "mbf.gguf")
    let found = try succeed("identify", "people.bank", "face3.jpg", "--model", "mbf.gguf")
    #expect(found.contains("face3.jpg: Bob, cosine 1.0"))
    try succeed("bench", "mbf.gguf", "--runs", "1", "--threads", "1")
  }

  /// A mean and a deviation for each channel, and a grouped convolution, in int8 on every instruction set.
  @Test(.enabled(if: canMake, "needs python3 with onnx"))
  func calibratedWithAMeanForEachChannel() throws {
    try runPython([fixtures + "/make_onnx.py", "mbf_tiny", bench.folder("mbf.onnx")])
    try succeed(["import", "mbf.onnx", "--licence", "none", "-o", "mbf.gguf"] + contract)
    try succeed("calibrate", "mbf.gguf", "faces", "-o", "mbf.int8.gguf")
    let report = try members(try succeed("drift", "mbf.gguf", "mbf.int8.gguf", "faces", "--json"))
    let drift = try #require(report["cosine"] as? [String: Any])
    #expect(try #require(drift["mean"] as? Double) >= 0.995)
    #expect(try succeed("info", "mbf.int8.gguf").contains("licence       none"))
    #expect(try succeed("info", "mbf.int8.gguf", "--graph").contains("groups 8"))
    try succeed("selftest", "mbf.int8.gguf")
    try succeed("bench", "mbf.int8.gguf", "--layers", "--runs", "1", "--threads", "1")
  }

  @Test(.enabled(if: canMake, "needs python3 with onnx")) func whatCannotBeImportedIsRefused() throws {
    let made = "mbf.onnx"
    try runPython([fixtures + "/make_onnx.py", "mbf_tiny", bench.folder(made)])
    let bytes = try bench.folder.bytes(made)
    try bench.folder.write(bytes.prefix(bytes.count / 2), to: "half.onnx")
    try expectRefusal(["import", "half.onnx", "-o", "new.gguf"], naming: "half.onnx", "ends in the middle")
    try expectRefusal(["import", made, "--tensors", "model", "-o", "new.gguf"], naming: "holds one network")
    try expectRefusal(["import", made, "--size", "112x96", "-o", "new.gguf"], naming: "cannot compute")
    try expectRefusal(["import", made, "--mean", "1e9", "-o", "new.gguf"], naming: made, "at most 65536")
    for numbers in [["--std", "0"], ["--std", "1,2"], ["--mean", "a"], ["--size", "112"], ["--size", "1x1"]] {
      try expectRefusal(["import", made, "-o", "new.gguf"] + numbers, naming: numbers[0])
    }
  }
}
