import Checkpoint
import Foundation
import QuantRuntime
import Testing

/// Checkpoints whose every tensor holds 0, 1, 2, …: each imported weight says where it comes from.
@Suite("Import of a detector", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)))
struct ImportDetectorTests {
  let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path(".")
    try TestData.script("checkpoints.py", "detector", path)
  }

  @Test func everyWeightGoesToItsPlace() throws {
    let weights = try importDetector(folder: FilePath(path))
    for network in DetectorNetwork.allCases {
      let units = weights.units(network)
      #expect(units.map(\.geometry) == network.convolutions)
      for (index, unit) in units.enumerated() {
        let isHead = index == units.count - 1
        #expect((unit.slopes == nil) == isHead)
        guard !isHead else { continue }
        let isLinear = network != .proposal && index == units.count - 2
        let geometry = unit.geometry
        let (rows, columns, inputs) = (geometry.kernelHeight, geometry.kernelWidth, geometry.inputChannels)
        var position = 0
        var wrong = 0
        for output in 0..<geometry.outputChannels {
          for row in 0..<rows {
            for column in 0..<columns {
              for input in 0..<inputs {
                // Linear layers read maps that were transposed to [column][row][channel].
                let source =
                  isLinear
                  ? ((output * columns + column) * rows + row) * inputs + input
                  : ((output * inputs + input) * rows + row) * columns + column
                if unit.weights[position] != Float(source) { wrong += 1 }
                position += 1
              }
            }
          }
        }
        #expect(wrong == 0 && position == unit.weights.count, "\(network), \(index)")
        #expect(unit.bias == (0..<geometry.outputChannels).map(Float.init))
        #expect(unit.slopes == unit.bias)
      }
    }
    let heads = try #require(weights.units(.output).last)
    #expect(heads.bias == [0, 1, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(heads.weights.prefix(512) == ArraySlice((0..<512).map(Float.init)))
    #expect(heads.weights[512] == 0 && heads.weights.last == 2559)
  }

  @Test(arguments: ["pnet.pt", "rnet.pt", "onet.pt"])
  func aMissingOrDamagedFileIsNamed(name: String) throws {
    let file = URL(fileURLWithPath: folder.path(name))
    let whole = try Data(contentsOf: file)
    try whole.prefix(whole.count - 5).write(to: file)
    #expect(throws: FaceqError.self) { try importDetector(folder: FilePath(path)) }
    try FileManager.default.removeItem(at: file)
    let error = #expect(throws: FaceqError.self) { try importDetector(folder: FilePath(path)) }
    #expect(error?.message.contains(name) == true)
  }

  /// R-Net under O-Net's name.
  @Test func anotherNetworkIsRefused() throws {
    let onet = URL(fileURLWithPath: folder.path("onet.pt"))
    try FileManager.default.removeItem(at: onet)
    try FileManager.default.copyItem(at: URL(fileURLWithPath: folder.path("rnet.pt")), to: onet)
    let error = #expect(throws: FaceqError.self) { try importDetector(folder: FilePath(path)) }
    #expect(error?.message.contains("onet.pt") == true)
    #expect(error?.message.contains("conv1 ") == true)
  }
}
