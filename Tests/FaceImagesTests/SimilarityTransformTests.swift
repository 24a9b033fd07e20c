import FaceImages
import Testing

struct SimilarityTransformTests {
  static let landmarks = [
    Point(x: 20.5, y: 24), Point(x: 41, y: 22.25), Point(x: 31.5, y: 35.75), Point(x: 23, y: 44.5),
    Point(x: 40.25, y: 43),
  ]

  @Test func exactPointsGiveTheTransformBack() throws {
    let transform = SimilarityTransform(a: 0.8, b: -1.5, shiftX: 12, shiftY: -7)
    let moved = Self.landmarks.map(transform.applied)
    let found = try #require(.leastSquares(from: Self.landmarks, to: moved) as SimilarityTransform?)
    #expect(abs(found.a - 0.8) < 1e-6 && abs(found.b + 1.5) < 1e-6)
    #expect(abs(found.shiftX - 12) < 1e-4 && abs(found.shiftY + 7) < 1e-4)
    #expect(found.residual(from: Self.landmarks, to: moved) < 1e-4)
  }

  /// Expected values: Umeyama's method with NumPy's singular value decomposition.
  @Test func landmarksToTheFaceTemplate() throws {
    let found = try #require(SimilarityTransform.leastSquares(from: Self.landmarks, to: FaceTemplate.arcFace112))
    #expect(abs(found.a - 1.833_313_03) < 1e-6)
    #expect(abs(found.b - 0.101_265_44) < 1e-6)
    #expect(abs(found.shiftX - 2.168_026_2) < 1e-4)
    #expect(abs(found.shiftY - 6.586_923_6) < 1e-4)
    #expect(abs(found.residual(from: Self.landmarks, to: FaceTemplate.arcFace112) - 2.519_196_3) < 1e-4)
  }

  @Test func inverseUndoes() {
    let transform = SimilarityTransform(a: 0.8, b: -1.5, shiftX: 12, shiftY: -7)
    for point in Self.landmarks {
      let back = transform.inverse.applied(to: transform.applied(to: point))
      #expect(abs(back.x - point.x) < 1e-4 && abs(back.y - point.y) < 1e-4)
    }
  }

  /// In a mirrored face the eyes are exchanged; the best rotation is not a reflection.
  @Test func mirroredPointsAreNotReflected() throws {
    let mirrored = Self.landmarks.map { Point(x: -$0.x, y: $0.y) }
    let found = try #require(SimilarityTransform.leastSquares(from: mirrored, to: Self.landmarks))
    #expect(found.residual(from: mirrored, to: Self.landmarks) > 5)
  }

  @Test(arguments: [
    ([], []),
    ([Point(x: 1, y: 2)], [Point(x: 3, y: 4)]),
    ([Point(x: 1, y: 2), Point(x: 1, y: 2)], [Point(x: 3, y: 4), Point(x: 5, y: 6)]),
    ([Point(x: 3, y: 4), Point(x: 5, y: 6)], [Point(x: 1, y: 2), Point(x: 1, y: 2)]),
    ([Point(x: 3, y: 4), Point(x: 5, y: 6)], [Point(x: 1, y: 2)]),
    ([Point(x: .nan, y: 4), Point(x: 5, y: 6)], [Point(x: 1, y: 2), Point(x: 2, y: 2)]),
    ([Point(x: 3, y: 4), Point(x: 5, y: 6)], [Point(x: 1, y: .infinity), Point(x: 2, y: 2)]),
  ])
  func degenerate(source: [Point], target: [Point]) {
    #expect(SimilarityTransform.leastSquares(from: source, to: target) == nil)
  }
}
