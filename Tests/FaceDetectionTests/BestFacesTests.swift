import FaceDetection
import FaceImages
import Testing

struct BestFacesTests {
  @Test func noneAndOne() {
    #expect(bestFaces([], overlap: 0.3).isEmpty)
    let face = square(at: 3, score: 0.9)
    #expect(bestFaces([face], overlap: 0.3) == [face])
  }

  /// Of equal scores the earlier one stays, whatever stands around it.
  @Test func identicalBoxes() {
    let faces = (0..<5).map { square(at: 3, score: 0.9, mark: Float($0)) }
    #expect(bestFaces(faces, overlap: 0.3) == [faces[0]])
    #expect(bestFaces(faces.reversed(), overlap: 0.3) == [faces[4]])
    let other = square(at: 100, score: 0.9)
    #expect(bestFaces([other] + faces, overlap: 0.3) == [other, faces[0]])
  }

  @Test func bestFirst() {
    let faces = [square(at: 0, score: 0.7), square(at: 50, score: 0.9), square(at: 100, score: 0.8)]
    #expect(bestFaces(faces, overlap: 0.3) == [faces[1], faces[2], faces[0]])
  }

  /// Boxes of 10 × 10, 5 apart, share a third; a face that was itself suppressed suppresses nothing.
  @Test func threshold() {
    let faces = [square(at: 0, score: 0.9), square(at: 5, score: 0.8), square(at: 10, score: 0.7)]
    #expect(bestFaces(faces, overlap: 0.3) == [faces[0], faces[2]])
    #expect(bestFaces(faces, overlap: 0.34) == faces)
    // Exactly as much as is allowed.
    let halves = [
      DetectedFace(box: FaceBox(left: 0, top: 0, right: 4, bottom: 4), score: 0.9, landmarks: []),
      DetectedFace(box: FaceBox(left: 0, top: 0, right: 4, bottom: 2), score: 0.8, landmarks: []),
    ]
    #expect(bestFaces(halves, overlap: 0.5) == halves)
    #expect(bestFaces(halves, overlap: 0) == [halves[0]])
    #expect(bestFaces(halves, overlap: 1) == halves)
  }

  @Test func touchingBoxesShareNothing() {
    #expect(square(at: 0, score: 1).box.overlap(with: square(at: 10, score: 1).box) == 0)
    #expect(square(at: 0, score: 1).box.overlap(with: square(at: 0, score: 1).box) == 1)
  }

  /// Areas beyond a float's range.
  @Test func hugeBoxes() {
    let side: Float = 3e38
    let huge = FaceBox(left: -side / 2, top: -side / 2, right: side / 2, bottom: side / 2)
    let faces = [
      DetectedFace(box: huge, score: 0.9, landmarks: []), DetectedFace(box: huge, score: 0.8, landmarks: []),
      square(at: 0, score: 0.7),
    ]
    #expect(bestFaces(faces, overlap: 0.3) == [faces[0], faces[2]])
  }

  @Test func scoresThatAreNone() {
    let faces = [square(at: 0, score: .nan), square(at: 50, score: 0.5), square(at: 100, score: .nan)]
    #expect(bestFaces(faces, overlap: 0.3) == [faces[1]])
  }

  @Test func limit() {
    let faces = (0..<100).map { square(at: Float(20 * $0), score: Float($0) / 100) }
    #expect(bestFaces(faces, overlap: 0.3, limit: 3) == [faces[99], faces[98], faces[97]])
  }

  private func square(at place: Float, score: Float, mark: Float = 0) -> DetectedFace {
    DetectedFace(
      box: FaceBox(left: place, top: 0, right: place + 10, bottom: 10), score: score,
      landmarks: [Point(x: mark, y: 0)])
  }
}
