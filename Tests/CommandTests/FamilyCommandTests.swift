import FaceqSupport
import Foundation
import TestSupport
import Testing

/// A trained MobileFaceNet, an iresnet fixture and the network for trying, from checkpoint to int8, by the commands.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct FamilyCommandTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  @Test(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
  func mobileFaceNet() throws {
    let data = sharedData ?? ""
    try succeed(
      "import", data + "/models/mobilefacenet/mobilefacenet_y1.npz", "--channels", "rgb", "--std", "128,128,128", "-o",
      "y1.gguf")
    let info = try succeed("info", "y1.gguf")
    for text in ["mobilefacenet", "1,003,136", "0.221 GMAC", "/ 128", "RGB"] { #expect(info.contains(text)) }
    try expectSmallDrift("y1")

    // Identities, not only closeness: 100 of the pairs.
    let pairs = try String(contentsOfFile: data + "/faces/dev/pairs.csv", encoding: .utf8)
    let some = pairs.split(separator: "\n").prefix(101).joined(separator: "\n")
    try bench.folder.write((some + "\n").utf8, to: "some.csv")
    let report = try members(
      try succeed(
        "verify", "y1.int8.gguf", "some.csv", "--root", data + "/faces/dev", "--against", "y1.gguf", "--json"))
    let models = try #require(report["models"] as? [[String: Any]])
    #expect(models.count == 2)
    for model in models { #expect(try #require(model["auc"] as? Double) >= 0.99) }
  }

  @Test func iresnet() throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "CheckpointTests/Scripts/checkpoints.py").path
    try runPython([script, "iresnet", bench.folder("iresnet.pth")])
    try succeed("import", "iresnet.pth", "-o", "iresnet.gguf")
    try expectSmallDrift("iresnet")
  }

  /// The int8 model of Models is one of the checkpoint beside it, and computes here what it computed where it was made.
  @Test func networkForTrying() throws {
    let models = fixtures + "/../../Models/ir_se50_narrow"
    try succeed("import", models + ".pth", "-o", "narrow.gguf")
    let report = try members(try succeed("drift", "narrow.gguf", models + ".int8.gguf", "faces", "--json"))
    let drift = try #require(report["cosine"] as? [String: Any])
    #expect(try #require(drift["mean"] as? Double) >= 0.995)
    try succeed("selftest", models + ".int8.gguf")
  }

  @discardableResult
  private func succeed(_ arguments: String...) throws -> String {
    let result = try bench.faceq(arguments)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result.output
  }

  /// Calibrates on the workshop's faces; the self-test compares the bits of every instruction set.
  private func expectSmallDrift(_ name: String) throws {
    try succeed("calibrate", "\(name).gguf", "faces", "-o", "\(name).int8.gguf")
    let report = try members(try succeed("drift", "\(name).gguf", "\(name).int8.gguf", "faces", "--json"))
    let drift = try #require(report["cosine"] as? [String: Any])
    #expect(try #require(drift["mean"] as? Double) >= 0.995)
    #expect(try #require(drift["min"] as? Double) >= 0.98)
    try succeed("selftest", "\(name).int8.gguf")
  }
}
