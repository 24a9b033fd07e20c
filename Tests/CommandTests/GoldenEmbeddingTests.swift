#if arch(x86_64)
  import FaceqSupport
  import Foundation
  import SHA256
  import QuantRuntime
  import SIMDKernels
  import TestSupport
  import Testing

  /// A network's embeddings, calibrated and computed by the commands, stay the same bytes whatever becomes of the engine.
  /// Calibration computes in float, whose last bits only the vector kernels of x86 have in common.
  @Suite(
    .enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)),
    .enabled(if: availableInstructionSets().contains(.avx2), "needs AVX2"))
  struct GoldenEmbeddingTests {
    @Test func ofTheFixtureTheyAreTheSameBytes() throws {
      let folder = try TemporaryFolder()
      try makeCheckpoint("ir_se50", at: folder("checkpoint.pth"))
      // Of revision 25ed71d, the last one before networks were graphs.
      try expect(
        folder, checkpoint: folder("checkpoint.pth"), components: 512,
        digest: "01273119a94ee11ee0277ee690087ba8f43718c8cbc559d74684dc05f083841e")
    }

    private static let mobileFaceNet = (sharedData ?? "") + "/models/mobilefacenet/mobilefacenet_y1.npz"

    @Test(.enabled(if: FileManager.default.fileExists(atPath: mobileFaceNet), "needs ../shared/models/mobilefacenet"))
    func ofMobileFaceNetTheyAreTheSameBytes() throws {
      // Of revision 25ed71d it was 9aec098a…: since then a last convolution without an addition writes bytes.
      try expect(
        try TemporaryFolder(), checkpoint: Self.mobileFaceNet, contract: ["--channels", "rgb", "--std", "128"],
        components: 128, digest: "217bb22e7e9a7b230b12b8fde3fc926fa02e1667d71ebb508e00606b5ac183d8")
    }

    private func expect(
      _ folder: TemporaryFolder, checkpoint: String, contract: [String] = [], components: Int, digest: String
    ) throws {
      func faceq(_ arguments: [String]) throws {
        let result = try runProgram(faceqPath, arguments, in: folder.path)
        try #require(result.status == 0, "\(result.errors)")
      }
      try faceq(["import", checkpoint, "-o", "float.gguf"] + contract)
      try faceq(["calibrate", "float.gguf"] + faces("calib") + ["-o", "int8.gguf", "--fast", "--aligned"])
      try faceq(["embed", "int8.gguf"] + faces("dev") + ["-o", "embeddings.npy", "--aligned"])
      let values = try folder.bytes("embeddings.npy").suffix(16 * components * 4)
      #expect(values.count == 16 * components * 4)
      var hash = SHA256()
      hash.update(Array(values))
      #expect(hexadecimal(hash.finish()) == digest)
    }

    /// The first sixteen faces of a folder, in the order of their names.
    private func faces(_ name: String) throws -> [String] {
      let folder = (sharedData ?? "") + "/faces/" + name
      let photos = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jpg") }.sorted()
      return photos.prefix(16).map { folder + "/" + $0 }
    }
  }
#endif
