import Checkpoint
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// MobileFaceNet and iresnet on the float engine against NumPy, which computes from the checkpoint as it is, BatchNorms
/// and all, in double precision.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct FamilyTests {
  enum Network: String, CaseIterable {
    case insightFace = "mobilefacenet_y1.npz"
    /// 112×96.
    case xiaoccer = "casia_112x96.ckpt"
    case iresnet
    /// MobileFaceNet with a grouped convolution, as arcface_torch names it.
    case arcFace

    /// Those that can be made, and those of ../shared where that is there.
    static let available: [Network] = sharedFolder == nil ? [.iresnet, .arcFace] : allCases

    /// The checkpoint, made in `folder` where it is none of the test data.
    func checkpoint(_ folder: TemporaryFolder) throws -> String {
      switch self {
      case .insightFace, .xiaoccer: return (sharedData ?? "") + "/models/mobilefacenet/" + rawValue
      case .iresnet: try runPython([script, "iresnet", folder("made.pth")])
      case .arcFace: try runPython([script, "arcface", "0", folder("made.pth")])
      }
      return folder("made.pth")
    }

    /// y1 has InsightFace_Pytorch's names, but comes from InsightFace's own training in MXNet.
    var choice: ImportChoice {
      self == .insightFace
        ? ImportChoice(pixels: PixelFormatChoice(channels: .rgb, deviation: [128, 128, 128])) : ImportChoice()
    }
  }

  @Test(arguments: Network.available)
  func floatIsWhatNumPyComputes(_ network: Network) throws {
    let folder = try TemporaryFolder()
    let checkpoint = try network.checkpoint(folder)
    try runPython([script, "embed", checkpoint, folder("answer.npz")])
    let answer = try StateDict(path: FilePath(folder("answer.npz")))
    let image = try #require(answer["image"]).floats().map { UInt8($0) }
    let wanted = try #require(answer["embedding"]).floats()

    let imported = try importCheckpoint(path: FilePath(checkpoint), network.choice)
    try imported.graph.write(to: FilePath(folder("float.gguf")), imported.description)
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
