import Calibrate
import QuantRuntime
import TestSupport
import Testing

/// 3×3 convolutions that Winograd computes in several bands, which are not all of one height, on sides that are no multiple
/// of its tiles' four outputs.
struct WinogradBandTests {
  /// 62 × 57 with 64 channels: bands of 20 and 22 rows with one thread, and 15 tiles across, the last three narrow.
  private static func network() -> Network {
    var random = RandomUnits()
    let stem = [random.dense(3, 64, kernel: 3)]
    let blocks = [
      ResidualBlock(
        body: [random.dense(64, 64, kernel: 3), random.dense(64, 64, kernel: 3, hasSlopes: false)],
        shortcut: .identity),
      ResidualBlock(
        body: [random.dense(64, 48, kernel: 3), random.dense(48, 32, kernel: 3, stride: 2)], shortcut: .none),
      ResidualBlock(
        body: [random.dense(32, 16, kernel: 3, stride: 2, hasSlopes: false)], shortcut: .none),
    ]
    return Network(
      input: InputFormat(height: 62, width: 57, channels: .rgb, divisor: 128), stem: stem, blocks: blocks, tail: [],
      head: EmbeddingHead(
        input: nil, inputHeight: 16, inputWidth: 15, inputChannels: 16, weights: random.values(16 * 3840, 0.05),
        bias: random.values(16, 0.1)))
  }

  @Test func sameBitsWithAndWithoutOnAnyNumberOfThreads() throws {
    let float = Model(
      Self.network(),
      ModelDescription(
        architecture: "bands", parameters: 0, source: ModelDescription.Source(name: "test", sha256: ""),
        isStandIn: true))
    let faces = SyntheticFaces(count: 20, seed: 1, height: 62, width: 57)
    let calibration = try Calibration(
      float, faces: faces, seed: 1, recipe: CalibrationRecipe(), kernels: kernels(nil), threads: 2)
    let (network, description) = try calibration.run(tool: "test", imagesDigest: "") {}
    let model = Model(.int8(network), description)
    let pixels = try faces.pixels(3)
    let wanted = try EmbeddingSession(
      model, kernels: kernels("portable"), threads: 1, winograd: WinogradChoice(rule: .off)
    ).embed(pixels)
    for name in availableInstructionSets().map(\.rawValue) {
      for threads in [1, 2, 3, 5] {
        let session = try EmbeddingSession(
          model, kernels: kernels(name), threads: ThreadPlan(threads), winograd: WinogradChoice(rule: .on))
        #expect(try session.embed(pixels) == wanted, "\(name), \(threads) threads")
      }
    }
  }
}
