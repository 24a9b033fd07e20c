import FaceqSupport
import QuantRuntime
import Testing

struct ShapeTests {
  private func extents(
    _ lines: String, size: String = "7×5", height: Int? = nil, width: Int? = nil
  ) throws -> [String] {
    let graph = try Graph<Never>(listing: "%0 = image \(size) rgb\n\(lines)")
    return try graph.shapes(height: height, width: width).dropFirst().map { $0.text }
  }

  @Test func windowsCountAsPyTorchCounts() throws {
    let lines = """
      %1 = convolution %0 → 4, 3×3, stride 2, padding 1
      %2 = convolution %0 → 4, 1×4, padding 0 2 0 1
      %3 = max pool %0, 2×2, stride 2
      %4 = max pool %0, 2×2, stride 2, ceil
      %5 = max pool %0, 3×3, stride 2, padding 1, ceil
      %6 = average pool %0, 2×2, stride 3, padding 1, ceil
      %7 = transposed convolution %0 → 4, 4×4, stride 2, padding 1
      %8 = transposed convolution %0 → 4, 2×2, stride 2
      outputs %1
      """
    #expect(
      try extents(lines) == [
        "4×3×4", "7×5×4", "3×2×3", "4×3×3", "4×3×3", "3×2×3", "14×10×4", "14×10×4",
      ])
  }

  @Test func anyPictureSizeThatFitsIsPossible() throws {
    let lines = """
      %1 = convolution %0 → 4, 3×3, stride 2, padding 1
      %2 = convolution %1 → 4, 3×3, stride 2, padding 1
      %3 = add %1, upsample %2
      outputs %3
      """
    #expect(try extents(lines, size: "8×8", height: 640, width: 360) == ["320×180×4", "160×90×4", "320×180×4"])
    #expect(throws: FaceqError("%3 adds 322×180×4 values to 321×180×4")) {
      try extents(lines, size: "8×8", height: 641, width: 360)
    }
    #expect(throws: FaceqError("a picture of 0×4 is not possible")) {
      try extents(lines, size: "8×8", height: 0, width: 4)
    }
  }

  @Test func workAndParametersAreCounted() throws {
    let graph = try Graph<Never>(
      listing: """
        %0 = image 8×8 rgb
        %1 = convolution %0 → 8, 3×3, padding 1, prelu  stem
        %2 = convolution %1 → 8, 3×3, stride 2, padding 1, depthwise  deep
        %3 = convolution %2 → 4, 1×1, groups 2  groups
        %4 = gate %3, hidden 2, biases  se
        %5 = transposed convolution %3 → 4, 2×2, stride 2  up
        %6 = linear %5 → 10, 8×8  head
        outputs %6
        """)
    #expect(
      try graph.multiplyAccumulates() == [
        0, 64 * 8 * 27, 16 * 8 * 9, 16 * 4 * 4, 16, 16 * 4 * 4 * 4, 10 * 256,
      ])
    #expect(try graph.multiplyAccumulates(height: 8, width: 8)[1] == 64 * 8 * 27)
    #expect(
      try graph.parameters() == (8 * 27 + 16) + (72 + 8) + (16 + 4) + (8 + 8 + 2 + 4) + (64 + 4) + (2560 + 10))
  }

  @Test func workThatNoMachineDoesIsRefused() throws {
    let graph = try Graph<Never>(
      listing: """
        %0 = image 16384×16384 rgb
        %1 = convolution %0 → 8, 1×1
        %2 = convolution %1 → 8, 255×255, padding 64
        outputs %2
        """)
    #expect(throws: FaceqError("%2 is too large")) { try graph.multiplyAccumulates() }
    #expect(throws: FaceqError.self) {
      _ = try Graph<Never>(listing: "%0 = image 16384×16384 rgb\n%1 = convolution %0 → 65536, 1×1\noutputs %1")
    }
  }
}
