import FaceDetection
import FaceImages
import FaceqSupport
import Testing

struct SearchPlanTests {
  /// Photos of usual size are searched as they are, in one piece.
  @Test(arguments: [(112, 131), (487, 620), (640, 360), (899, 399), (1280, 720), (1, 1), (3, 5000)])
  func ownSize(width: Int, height: Int) {
    let plan = SearchPlan(width: width, height: height, family: .yuNet)
    #expect(plan.levels.count == 1)
    #expect(plan.levels[0].width == width && plan.levels[0].height == height)
    #expect(plan.levels[0].parts.count == 1)
    #expect(plan.levels[0].narrowest == 0 && plan.levels[0].widest == .infinity)
  }

  /// Large ones are reduced, and searched once more for faces that are large in the reduced one.
  @Test func largePhoto() {
    let plan = SearchPlan(width: 4000, height: 3000, family: .yuNet)
    #expect(plan.levels.map { [$0.width, $0.height] } == [[1280, 960], [320, 240]])
    #expect(plan.levels.allSatisfy { $0.parts.count == 1 })
    #expect(plan.levels[0].widest == 480 && plan.levels[1].narrowest == 60 && plan.levels[1].widest == .infinity)
  }

  @Test func minimumFace() {
    #expect(sizes(SearchPlan(width: 1280, height: 720, minimumFace: 16, family: .yuNet)) == [[1280, 720]])
    #expect(sizes(SearchPlan(width: 1280, height: 720, minimumFace: 1, family: .yuNet)) == [[1280, 720]])
    #expect(sizes(SearchPlan(width: 1280, height: 720, minimumFace: 32, family: .yuNet)) == [[640, 360]])
    #expect(sizes(SearchPlan(width: 1280, height: 720, minimumFace: 100_000, family: .yuNet)) == [[1, 1]])
    let tiled = SearchPlan(width: 8000, height: 4500, minimumFace: 16, family: .yuNet)
    #expect(sizes(tiled) == [[8000, 4500], [2000, 1125], [500, 281]])
    #expect(tiled.levels.map { $0.parts.count } == [40, 4, 1])
    #expect(tiled.levels.map { $0.narrowest } == [0, 16, 16])
    #expect(tiled.levels.map { $0.widest } == [128, 128, .infinity])
  }

  @Test func stretched() {
    #expect(sizes(SearchPlan(width: 487, height: 620, family: .centerFace)) == [[512, 640]])
    #expect(sizes(SearchPlan(width: 1, height: 1, family: .centerFace)) == [[32, 32]])
  }

  /// What a network sees is whole cells, and never much more than usual.
  @Test(arguments: DetectorFamily.allCases)
  func inputs(family: DetectorFamily) {
    for (width, height) in [(1, 1), (33, 7), (2000, 1500), (5000, 40)] {
      let photo = RGBImage(width: width, height: height, pixels: Array(repeating: 9, count: 3 * width * height))
      for minimumFace in [nil, 8, 40] {
        let plan = SearchPlan(width: width, height: height, minimumFace: minimumFace, family: family)
        for level in plan.levels {
          for part in level.parts {
            let input = level.input(part, of: photo)
            #expect(input.width % 32 == 0 && input.height % 32 == 0)
            #expect(input.width * input.height <= 1_500_000)
            #expect(input.pixels.prefix(3).allSatisfy { $0 == 9 })
          }
        }
      }
    }
  }

  /// A face of any size that is promised, anywhere, lies as a whole in a part that accepts it.
  @Test(arguments: DetectorFamily.allCases)
  func everyFaceIsSeen(family: DetectorFamily) {
    var generator = SplitMix64(state: 3)
    for (width, height, minimumFace) in [
      (640, 480, nil), (1600, 1200, nil), (4000, 3000, nil), (3000, 5000, 16), (8000, 4500, 16), (7000, 900, 24),
    ] as [(Int, Int, Int?)] {
      let plan = SearchPlan(width: width, height: height, minimumFace: minimumFace, family: family)
      let smallest = Float(16 * width) / Float(plan.levels[0].width)
      for _ in 0..<300 {
        let faceWidth = smallest * .random(in: 1...(Float(min(width, height)) / 1.3 / smallest), using: &generator)
        let left = Float.random(in: 0...(Float(width) - faceWidth), using: &generator)
        let top = Float.random(in: 0...(Float(height) - 1.3 * faceWidth), using: &generator)
        let box = FaceBox(left: left, top: top, right: left + faceWidth, bottom: top + 1.3 * faceWidth)
        let isSeen = plan.levels.contains { level in
          level.parts.contains { part in
            let across = Float(level.width) / Float(width)
            let down = Float(level.height) / Float(height)
            let seen = FaceBox(
              left: box.left * across - Float(part.columns.lowerBound),
              top: box.top * down - Float(part.rows.lowerBound),
              right: box.right * across - Float(part.columns.lowerBound),
              bottom: box.bottom * down - Float(part.rows.lowerBound))
            return seen.left >= 0 && seen.top >= 0 && seen.right <= Float(part.columns.count)
              && seen.bottom <= Float(part.rows.count)
              && !level.accepted(
                [DetectedFace(box: seen, score: 1, landmarks: [])], in: part, width: width, height: height
              ).isEmpty
          }
        }
        #expect(isSeen, "\(box) in \(width) × \(height)")
      }
    }
  }

  private func sizes(_ plan: SearchPlan) -> [[Int]] { plan.levels.map { [$0.width, $0.height] } }
}
