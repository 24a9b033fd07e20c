import Calibrate
import QuantRuntime
import TestSupport
import Testing

/// 3×3 convolutions that Winograd computes in several bands, which are not all of one height, on sides that are no multiple
/// of its tiles' four outputs.
struct WinogradBandTests {
  /// 62 × 57 with 64 channels: bands of 20 and 22 rows with one thread, and 15 tiles across, the last three narrow.
  private static let listing = """
    %0 = image 62×57 rgb (x − 127.5) / 128
    %1 = convolution %0 → 64, 3×3, padding 1, prelu  stem
    %2 = convolution %1 → 64, 3×3, padding 1, prelu  a.0
    %3 = convolution %2 → 64, 3×3, padding 1  a.1
    %4 = add %1, %3  a
    %5 = convolution %4 → 48, 3×3, padding 1, prelu  b.0
    %6 = convolution %5 → 32, 3×3, stride 2, padding 1, prelu  b.1
    %7 = convolution %6 → 16, 3×3, stride 2, padding 1  c
    %8 = linear %7 → 16, 16×15  head
    %9 = normalise %8  embedding
    outputs %9
    """

  @Test func sameBitsWithAndWithoutOnAnyNumberOfThreads() throws {
    let float = try model(randomGraph(Self.listing))
    let faces = SyntheticFaces(count: 20, seed: 1, height: 62, width: 57)
    let calibration = try Calibration(
      float, faces: faces, seed: 1, recipe: CalibrationRecipe(), kernels: kernels(nil), threads: 2)
    let (graph, description) = try calibration.run(tool: "test", imagesDigest: "") {}
    let int8 = try Model(.int8(graph), description)
    let pixels = try faces.pixels(3)
    let wanted = try EmbeddingSession(
      int8, kernels: kernels("portable"), threads: 1, winograd: WinogradChoice(rule: .off)
    ).embed(pixels)
    for name in availableInstructionSets().map(\.rawValue) {
      for threads in [1, 2, 3, 5] {
        let session = try EmbeddingSession(
          int8, kernels: kernels(name), threads: ThreadPlan(threads), winograd: WinogradChoice(rule: .on))
        #expect(try session.embed(pixels) == wanted, "\(name), \(threads) threads")
      }
    }
  }
}
