import Checkpoint
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// Networks from ONNX files on the float engine, against ONNX Runtime's answers.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct ONNXEngineTests {
  private static let canMake = (try? runPython(["-c", "import onnx"])) != nil

  enum Network: String, CaseIterable {
    case residual = "r_tiny"
    case gated = "se_tiny"
    case mxnet = "mxnet_tiny"
    case mobile = "mbf_tiny"
    /// As w600k_mbf is, whose second convolution has 64 groups of two channels.
    case mobileFull = "mbf"
    case residual18 = "r18"
    /// Trained, and with a mean and a deviation for each channel.
    case trained = "foamliu_MobileFaceNet"

    static var available: [Network] { allCases.filter { $0 == .trained ? sharedData != nil : canMake } }

    /// Those of make_onnx.py's are in the package.
    var answers: String { (self == .trained ? (sharedData ?? "") + "/fixtures" : fixtures) + "/golden_onnx.npz" }

    func file(_ folder: TemporaryFolder) throws -> String {
      if self == .trained { return (sharedData ?? "") + "/models/onnx/\(rawValue).onnx" }
      try runPython([fixtures + "/make_onnx.py", rawValue, folder("made.onnx")])
      return folder("made.onnx")
    }

    var choice: ImportChoice {
      guard self == .trained else { return ImportChoice() }
      return ImportChoice(
        pixels: PixelFormatChoice(mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375]))
    }

    /// Portable kernels would take long for the large ones.
    var instructionSets: [String] {
      let isLarge = self == .mobileFull || self == .residual18
      return availableInstructionSets().map(\.rawValue).filter { !isLarge || $0 != "portable" }
    }
  }

  @Test(arguments: Network.available)
  func embeddingsAreThoseOfONNXRuntime(_ network: Network) throws {
    let folder = try TemporaryFolder()
    let golden = try Self.arrays(network.answers, ["faces", network.rawValue], folder)
    let (faces, answers) = (try #require(golden["faces"]), try #require(golden[network.rawValue]))
    let (path, choice) = (FilePath(try network.file(folder)), network.choice)
    try importONNX(path: path, choice: choice.pixels, size: choice.size).embedder(path: path, choice)
      .write(to: FilePath(folder("float.gguf")))
    let model = try Model(path: FilePath(folder("float.gguf")))
    for name in network.instructionSets {
      for rule in [WinogradChoice.Rule.on, .off] {
        let session = try EmbeddingSession(
          model, kernels: kernels(name), threads: 2, winograd: WinogradChoice(rule: rule))
        for (face, answer) in zip(faces, answers) {
          let embedding = try session.embed(face.map { UInt8($0) })
          try #require(embedding.count == answer.count)
          #expect(cosine(embedding, answer) >= 0.999_999, "\(name), Winograd \(rule)")
          #expect(zip(embedding, answer).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(name), Winograd \(rule)")
        }
      }
    }
  }

  struct Detector: CustomTestStringConvertible {
    var file: String
    /// In golden_detectors.npz.
    var name: String
    var picture = "picture640"
    var choice = PixelFormatChoice(deviation: [128, 128, 128])
    var testDescription: String { name }
  }

  static let detectors = [
    Detector(
      file: "yunet_n_dynamic", name: "yunet_n", picture: "picture",
      choice: PixelFormatChoice(channels: .bgr, mean: [0, 0, 0], deviation: [1, 1, 1])),
    Detector(file: "scrfd_500m_kps", name: "scrfd_500m"), Detector(file: "scrfd_2.5g_kps", name: "scrfd_2.5g"),
  ]

  @Test(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)), arguments: detectors)
  func everyOutputOfADetectorIsThatOfONNXRuntime(_ detector: Detector) throws {
    let folder = try TemporaryFolder()
    let path = FilePath((sharedData ?? "") + "/models/onnx/\(detector.file).onnx")
    let imported = try importONNX(path: path, choice: detector.choice)
    let names = imported.outputNames.map { "\(detector.name)/\($0)" }
    let archive = (sharedData ?? "") + "/fixtures/golden_detectors.npz"
    let golden = try Self.arrays(archive, [detector.picture] + names, folder)
    let picture = try #require(golden[detector.picture])
    let side = picture.count
    let pixels = picture.joined().map { UInt8($0) }
    for name in availableInstructionSets().map(\.rawValue) where name != "portable" {
      let session = try GraphSession(imported.graph, kernels: kernels(name), threads: 2)
      let outputs = try session.run(pixels, height: side, width: side)
      try #require(outputs.count == names.count)
      for (output, outputName) in zip(outputs, names) {
        let wanted = try #require(golden[outputName]).flatMap { $0 }
        try #require(output.values.count == wanted.count)
        let largest = zip(output.values, wanted).map { abs($0 - $1) / max(1, abs($1)) }.max()
        #expect(largest ?? 1 <= 1e-4, "\(name), \(outputName)")
      }
    }
  }

  @Test(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
  func aDetectorIsNoEmbedder() throws {
    let path = FilePath((sharedData ?? "") + "/models/onnx/yunet_n_dynamic.onnx")
    let error = #expect(throws: FaceqError.self) { _ = try importONNX(path: path).embedder(path: path) }
    let message = error?.message ?? ""
    #expect(message.contains("is no network for embeddings") && message.contains("cls_8, cls_16"), "\(message)")
  }

  /// Arrays of an archive of golden values by their names, as rows: [first axis][all others].
  private static func arrays(
    _ archive: String, _ names: [String], _ folder: TemporaryFolder
  ) throws -> [String: [[Float]]] {
    try runPython(
      [
        "-c",
        """
        import sys, numpy
        archive = numpy.load(sys.argv[1])
        for index, name in enumerate(sys.argv[3:]):
            array = archive[name]
            numpy.save(f"{sys.argv[2]}/{index}.npy", array.reshape(array.shape[0], -1).astype(numpy.float32))
        """, archive, folder.path,
      ] + names)
    var arrays: [String: [[Float]]] = [:]
    for (index, name) in names.enumerated() {
      let (shape, values) = try readNPY(path: FilePath(folder("\(index).npy")))
      arrays[name] = (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    }
    return arrays
  }
}

extension ImportedNetwork {
  fileprivate func write(to path: FilePath) throws { try graph.write(to: path, description) }
}
