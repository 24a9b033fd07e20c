import Checkpoint
import FaceqSupport
import QuantRuntime
import TestSupport

/// A fixture network and what PyTorch computes with it.
struct Golden: Sendable {
  /// The checkpoint imported with one channel order or the other.
  let bgr: Model
  let rgb: Model
  /// RGB [112][112][3] each.
  let faces: [[UInt8]]
  private let arrays: [String: (rows: Int, values: [Float])]

  /// All of it is in memory or mapped when this returns: nothing is left on the disk.
  init(_ network: String) throws {
    let folder = try TemporaryFolder()
    try makeCheckpoint(network, at: folder("checkpoint.pth"))
    bgr = try Golden.model(folder, channels: .bgr)
    rgb = try Golden.model(folder, channels: .rgb)
    // NumPy's archives as plain matrices: [first axis][all others].
    try runPython([
      "-c",
      """
      import sys, numpy
      for name, array in numpy.load(sys.argv[1]).items():
          numpy.save(f"{sys.argv[2]}/{name}.npy", array.reshape(array.shape[0], -1).astype(numpy.float32))
      """, "\(fixtures)/golden_\(network).npz", folder.path,
    ])
    var arrays: [String: (rows: Int, values: [Float])] = [:]
    for file in try folder.names() where file.hasSuffix(".npy") {
      let (shape, values) = try readNPY(path: FilePath(folder(file)))
      arrays[String(file.dropLast(4))] = (shape[0], values)
    }
    self.arrays = arrays
    faces = arrays["faces"].map { rows($0).map { face in face.map { UInt8($0) } } } ?? []
  }

  private static func model(_ folder: TemporaryFolder, channels: ImageFormat.ChannelOrder) throws -> Model {
    let imported = try importCheckpoint(
      path: FilePath(folder("checkpoint.pth")), ImportChoice(pixels: PixelFormatChoice(channels: channels)))
    let path = folder("\(channels.rawValue).gguf")
    try imported.graph.write(to: FilePath(path), imported.description)
    return try Model(path: FilePath(path))
  }

  /// `embedding_bgr`, `embedding_rgb` or `embedding_bgr_flip`: one embedding for each face.
  func embeddings(_ name: String) -> [[Float]] { arrays[name].map(rows) ?? [] }

  /// The first channels of what a node writes for the first face, [channel][row · column], where PyTorch's were kept.
  func activations(_ node: String) -> [[Float]]? {
    if node == "stem.0" { return arrays["input_layer"].map(rows) }
    guard node.hasPrefix("blocks."), let block = Int(node.dropFirst(7)) else { return nil }
    return arrays["body.\(block)"].map(rows)
  }
}

private func rows(_ array: (rows: Int, values: [Float])) -> [[Float]] {
  let columns = array.values.count / array.rows
  return (0..<array.rows).map { Array(array.values[$0 * columns..<($0 + 1) * columns]) }
}

/// Made once, when the first test wants it.
enum GoldenNetwork: String, CaseIterable {
  case tinyIR = "tiny_ir"
  case tinyIRSE = "tiny_ir_se"
  case irSE50 = "ir_se50"

  func golden() throws -> Golden {
    switch self {
    case .tinyIR: try Self.tinyIRGolden.get()
    case .tinyIRSE: try Self.tinyIRSEGolden.get()
    case .irSE50: try Self.irSE50Golden.get()
    }
  }

  private static let tinyIRGolden = Result { try Golden("tiny_ir") }
  private static let tinyIRSEGolden = Result { try Golden("tiny_ir_se") }
  private static let irSE50Golden = Result { try Golden("ir_se50") }

  /// Portable kernels would take minutes for the full-size network.
  var instructionSets: [String] {
    availableInstructionSets().map(\.rawValue).filter { self != .irSE50 || $0 != "portable" }
  }
}
