import Checkpoint
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// Checkpoints whose every tensor holds 0, 1, 2, …: each imported weight says where it comes from.
@Suite("Import of a detector", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)))
struct ImportDetectorTests {
  let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder(".")
    try TestData.script("checkpoints.py", "detector", path)
  }

  @Test func everyWeightGoesToItsPlace() throws {
    let detector = try importDetector(folder: FilePath(path))
    for network in DetectorNetwork.allCases {
      let graph = detector.graph(network)
      let shapes = try graph.shapes()
      let layers = graph.nodes.indices.filter { graph.nodes[$0].layer != nil }
      #expect(layers.count == (network == .proposal ? 4 : network == .refinement ? 5 : 6))
      for (position, index) in layers.enumerated() {
        let isHead = index == layers.last
        guard case .convolution(let convolution) = graph.nodes[index].operation,
          case .convolution(let weights, let bias, let slopes) = graph.nodes[index].layer
        else {
          Issue.record("all layers are convolutions")
          continue
        }
        #expect((slopes == nil) == isHead)
        guard !isHead else { continue }
        let isLinear = network != .proposal && position == layers.count - 2
        let (rows, columns) = (convolution.window.kernel.height, convolution.window.kernel.width)
        let inputs = shapes[graph.nodes[index].inputs[0]].channels
        var (place, wrong) = (0, 0)
        for output in 0..<convolution.outputs {
          for row in 0..<rows {
            for column in 0..<columns {
              for input in 0..<inputs {
                // Linear layers read maps that were transposed to [column][row][channel].
                let source =
                  isLinear
                  ? ((output * columns + column) * rows + row) * inputs + input
                  : ((output * inputs + input) * rows + row) * columns + column
                if weights[place] != Float(source) { wrong += 1 }
                place += 1
              }
            }
          }
        }
        #expect(wrong == 0 && place == weights.count, "\(network), \(position)")
        #expect(bias == (0..<convolution.outputs).map(Float.init))
        #expect(slopes == bias)
      }
    }
    let heads = detector.graph(.output).tensors("onet.5")
    #expect(heads[1] == [0, 1, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(heads[0].prefix(512) == ArraySlice((0..<512).map(Float.init)))
    #expect(heads[0][512] == 0 && heads[0].last == 2559)
  }

  @Test(arguments: ["pnet.pt", "rnet.pt", "onet.pt"])
  func aMissingOrDamagedFileIsNamed(name: String) throws {
    let file = URL(fileURLWithPath: folder(name))
    let whole = try Data(contentsOf: file)
    try whole.prefix(whole.count - 5).write(to: file)
    #expect(throws: FaceqError.self) { try importDetector(folder: FilePath(path)) }
    try FileManager.default.removeItem(at: file)
    let error = #expect(throws: FaceqError.self) { try importDetector(folder: FilePath(path)) }
    #expect(error?.message.contains(name) == true)
  }

  /// R-Net under O-Net's name.
  @Test func anotherNetworkIsRefused() throws {
    let onet = URL(fileURLWithPath: folder("onet.pt"))
    try FileManager.default.removeItem(at: onet)
    try FileManager.default.copyItem(at: URL(fileURLWithPath: folder("rnet.pt")), to: onet)
    let error = #expect(throws: FaceqError.self) { try importDetector(folder: FilePath(path)) }
    #expect(error?.message.contains("onet.pt") == true)
    #expect(error?.message.contains("conv1 ") == true)
  }
}
