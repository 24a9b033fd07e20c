import FaceDetection
import FaceqSupport
import Testing

struct DetectorFormTests {
  @Test func yuNet() throws {
    let form = try #require(detector(strides: [8, 16, 32], channels: [1, 1, 4, 10]))
    #expect(form.family == .yuNet && form.anchors == 1 && form.hasLandmarks && form.alignment == 32)
    #expect(form.levels.map { $0.stride } == [8, 16, 32])
    // By channels first, then by strides.
    #expect(form.levels[1].outputs == [1, 4, 7, 10])
  }

  @Test(arguments: [1, 2, 3])
  func scrfd(anchors: Int) throws {
    let withLandmarks = try #require(detector(strides: [8, 16, 32], channels: [anchors, 4 * anchors, 10 * anchors]))
    #expect(withLandmarks.family == .scrfd && withLandmarks.anchors == anchors && withLandmarks.hasLandmarks)
    let without = try #require(detector(strides: [8, 16, 32, 64, 128], channels: [anchors, 4 * anchors]))
    #expect(without.family == .scrfd && without.anchors == anchors && !without.hasLandmarks)
    #expect(without.alignment == 128)
  }

  @Test func centerFace() throws {
    let form = try #require(detector(strides: [4], channels: [1, 2, 2, 10]))
    #expect(form.family == .centerFace && form.levels[0].outputs == [0, 1, 2, 3])
  }

  /// The order in the file decides only between outputs that are alike.
  @Test func anyOrder() throws {
    let form = try #require(
      DetectorForm(outputs: [(32, 20), (8, 8), (16, 2), (32, 2), (8, 20), (16, 20), (8, 2), (16, 8), (32, 8)]))
    #expect(form.family == .scrfd && form.anchors == 2)
    #expect(form.levels.map { $0.outputs } == [[6, 1, 4], [2, 7, 5], [3, 8, 0]])
  }

  @Test(
    arguments: [
      [], [(8, 1)], [(8, 1), (8, 1), (8, 4)], [(1, 512)], [(8, 1), (8, 4), (16, 1)], [(8, 2), (8, 4), (8, 10)],
      [(0, 1), (0, 4)], [(-8, 1), (-8, 4)], [(8, 0), (8, 0)], [(8, .max), (8, .max)], [(4, 1), (4, 2), (4, 2)],
      [(4, 1), (4, 2), (4, 2), (4, 10), (8, 1), (8, 2), (8, 2), (8, 10)], [(8, 4), (8, 8), (8, 20)],
      [(256, 1), (256, 4), (256, 10)],
    ] as [[(Int, Int)]])
  func notADetector(outputs: [(Int, Int)]) {
    #expect(DetectorForm(outputs: outputs.map { (stride: $0.0, channels: $0.1) }) == nil)
  }

  /// A file whose outputs change behind its description is refused.
  @Test func otherOutputs() throws {
    let form = try #require(detector(strides: [8], channels: [1, 4, 10]))
    func plane(_ channels: Int, rows: Int = 2, stride: Int = 8) -> DetectorOutput {
      DetectorOutput(
        stride: stride, rows: rows, columns: 2, channels: channels,
        values: Array(repeating: 0, count: rows * 2 * channels))
    }
    #expect(try form.faces([plane(1), plane(4), plane(10)], threshold: 0.5).isEmpty)
    for outputs in [
      [], [plane(1), plane(4)], [plane(1), plane(4), plane(9)], [plane(1), plane(4, rows: 3), plane(10)],
      [plane(1), plane(4), plane(10, stride: 16)],
    ] {
      #expect(throws: FaceqError.self) { try form.faces(outputs, threshold: 0.5) }
    }
  }

  private func detector(strides: [Int], channels: [Int]) -> DetectorForm? {
    DetectorForm(outputs: channels.flatMap { channels in strides.map { (stride: $0, channels: channels) } })
  }
}
