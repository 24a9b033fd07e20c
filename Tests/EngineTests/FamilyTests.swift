import Checkpoint
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// MobileFaceNet and iresnet on the float engine against NumPy, which computes from the checkpoint as it is, BatchNorms
/// and all, in double precision.
@Suite(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
struct FamilyTests {
  enum Network: String, CaseIterable {
    case insightFace = "mobilefacenet_y1.npz"
    /// 112×96.
    case xiaoccer = "casia_112x96.ckpt"
    case iresnet

    /// The checkpoint, made in `folder` where it is none of the test data.
    func checkpoint(_ folder: TemporaryFolder) throws -> String {
      guard self == .iresnet else { return (sharedData ?? "") + "/models/mobilefacenet/" + rawValue }
      try runPython([script, "iresnet", folder("iresnet.pth")])
      return folder("iresnet.pth")
    }
  }

  @Test(arguments: Network.allCases)
  func floatIsWhatNumPyComputes(_ network: Network) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try network.checkpoint(folder)
    try runPython([script, "embed", checkpoint, folder("answer.npz")])
    let answer = try StateDict(path: FilePath(folder("answer.npz")))
    let image = try #require(answer["image"]).floats().map { UInt8($0) }
    let wanted = try #require(answer["embedding"]).floats()

    let imported = try importCheckpoint(path: FilePath(checkpoint))
    try imported.graph.write(
      to: FilePath(folder("float.gguf")),
      ModelDescription(
        architecture: imported.architecture, parameters: imported.parameters,
        source: ModelDescription.Source(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false))
    let model = try Model(path: FilePath(folder("float.gguf")))
    for name in availableInstructionSets().map(\.rawValue) {
      for threads in [1, 3] {
        let embedding = try EmbeddingSession(model, kernels: kernels(name), threads: ThreadPlan(threads)).embed(image)
        try #require(embedding.count == wanted.count)
        #expect(cosine(embedding, wanted) >= 0.999_999, "\(name), \(threads) threads")
        #expect(zip(embedding, wanted).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(name), \(threads) threads")
      }
    }
  }
}

/// Beside the tests of the Checkpoint module, which reads the same checkpoints.
private let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "CheckpointTests/Scripts/checkpoints.py").path
