import FaceImages
import Testing

/// The expected values of suppression are those of facenet-pytorch's `nms_numpy` (minimum) and torchvision's rule
/// (union).
struct CandidateBoxTests {
  static let boxes = [
    box(43, 50, 54, 77, 0.6), box(11, 50, 36, 76, 0.55), box(33, 35, 43, 51, 0.3), box(41, 24, 62, 42, 0.25),
    box(58, 12, 80, 34, 0.5), box(23, 29, 45, 38, 0.85), box(38, 30, 67, 50, 0.7), box(16, 12, 43, 25, 0.8),
    box(10, 12, 25, 39, 0.9), box(17, 59, 29, 68, 0.4), box(19, 42, 35, 64, 0.65), box(47, 21, 57, 48, 0.75),
    box(24, 31, 39, 44, 0.35), box(23, 58, 42, 85, 0.45),
  ]

  @Test(
    arguments: [
      (0.1, [8, 5, 11, 10, 0, 4, 13, 2]), (0.3, [8, 5, 7, 11, 6, 10, 0, 1, 4, 13, 9, 2]),
      (0.5, [8, 5, 7, 11, 6, 10, 0, 1, 4, 13, 9, 12, 2, 3]),
    ] as [(Float, [Int])])
  func suppressionByUnion(threshold: Float, kept: [Int]) {
    #expect(nonMaximumSuppression(Self.boxes, threshold: threshold, mode: .union) == kept)
  }

  @Test(
    arguments: [
      (0.1, [8, 11, 10, 0, 4]), (0.3, [8, 5, 11, 10, 0, 4, 13, 2]), (0.5, [8, 5, 7, 11, 10, 0, 4, 13, 2]),
      (0.7, [8, 5, 7, 11, 6, 10, 0, 1, 4, 13, 12, 2, 3]),
    ] as [(Float, [Int])])
  func suppressionByMinimum(threshold: Float, kept: [Int]) {
    #expect(nonMaximumSuppression(Self.boxes, threshold: threshold, mode: .minimum) == kept)
  }

  @Test func overlapEqualToTheThresholdIsKept() {
    let halves = [box(0, 0, 10, 10, 0.9), box(0, 0, 10, 5, 0.8)]
    #expect(nonMaximumSuppression(halves, threshold: 0.5, mode: .union) == [0, 1])
    #expect(nonMaximumSuppression(halves, threshold: 0.49, mode: .union) == [0])
  }

  @Test func equalScoresKeepTheFirst() {
    let same = Array(repeating: box(0, 0, 10, 10, 0.9), count: 3)
    #expect(nonMaximumSuppression(same, threshold: 0.5, mode: .union) == [0])
    #expect(nonMaximumSuppression([], threshold: 0.5, mode: .union).isEmpty)
  }

  @Test func movedByFractionsOfTheUnit() {
    let moved = box(10, 20, 30, 60, 0.5)
      .moved(by: BoxOffsets(left: 0.1, top: -0.25, right: 0.5, bottom: 0), unitWidth: 20, unitHeight: 40)
    #expect(moved == box(12, 10, 40, 60, 0.5))
  }

  @Test func squaredOnTheSameCentre() {
    #expect(box(10, 20, 30, 60, 0.5).squared() == box(0, 20, 40, 60, 0.5))
    #expect(box(0, 0, 9, 4, 0.5).squared() == box(0, -2.5, 9, 6.5, 0.5))
  }

  /// Rows and columns are counted from 1 in boxes and from 0 in pictures.
  @Test func coveredPixels() throws {
    let inside = try #require(box(1, 2.9, 10.9, 5, 0).covered(width: 20, height: 30))
    #expect(inside.columns == 0..<10 && inside.rows == 1..<5)
    let beyond = try #require(box(-7, -0.5, 99, 31, 0).covered(width: 20, height: 30))
    #expect(beyond.columns == 0..<20 && beyond.rows == 0..<30)
    #expect(box(21, 1, 40, 9, 0).covered(width: 20, height: 30) == nil)
    #expect(box(-9, 1, 0.5, 9, 0).covered(width: 20, height: 30) == nil)
    #expect(box(.nan, 1, 5, 9, 0).covered(width: 20, height: 30) == nil)
  }

  @Test func pyramid() {
    let scales = pyramidScales(width: 96, height: 80)
    #expect(scales.count == 5)
    for (scale, expected) in zip(scales, [0.6, 0.4254, 0.301_608_6, 0.213_840_497_4, 0.151_612_912_7]) {
      #expect(abs(scale - expected) < 1e-9)
    }
    #expect(pyramidScales(width: 20, height: 20) == [0.6])
    #expect(pyramidScales(width: 19, height: 500).isEmpty)
    #expect(pyramidScales(width: 40, height: 40, minimumFace: 40) == [0.3])
  }

  @Test func candidatesOfAProposalMap() throws {
    let offsets = BoxOffsets(left: 0.1, top: 0.2, right: 0.3, bottom: 0.4)
    let map = ProposalMap(
      width: 3, height: 2, faceProbabilities: [0.1, 0.6, 0.5, 0.2, 0.3, 0.95],
      offsets: Array(repeating: offsets, count: 6))
    let candidates = map.candidates(scale: 0.6, threshold: 0.6)
    #expect(candidates.map(\.box) == [box(5, 1, 23, 20, 0.6), box(8, 5, 26, 23, 0.95)])
    #expect(candidates.map(\.offsets) == [offsets, offsets])
  }
}

private func box(_ left: Float, _ top: Float, _ right: Float, _ bottom: Float, _ score: Float) -> CandidateBox {
  CandidateBox(left: left, top: top, right: right, bottom: bottom, score: score)
}
