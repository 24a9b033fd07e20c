import FaceImages
import FaceWatch
import Testing

struct TrackerTests {
  /// A face of 100 × 120 pixels around a place.
  func face(_ x: Float, _ y: Float = 200, size: Float = 100) -> DetectedFace {
    DetectedFace(
      box: FaceBox(left: x - size / 2, top: y - size * 0.6, right: x + size / 2, bottom: y + size * 0.6), score: 0.9,
      landmarks: [])
  }

  /// Runs a tracker over frames, 25 a second, and gives the tracks' numbers in each, in the order of the faces.
  func numbers(_ frames: [[DetectedFace]], _ tracker: inout Tracker) -> [[Int?]] {
    frames.enumerated().map { index, faces in
      let time = Double(index + 1) / 25
      _ = tracker.update(faces, at: time)
      return faces.map { face in tracker.tracks.first { $0.face == face && $0.lastSeen == time }?.number }
    }
  }

  @Test func aFaceIsFollowed() {
    var tracker = Tracker()
    let found = numbers((0..<50).map { [face(100 + Float($0) * 8)] }, &tracker)
    #expect(found.allSatisfy { $0 == [1] })
    #expect(tracker.tracks.map { $0.frames } == [50])
    #expect(!tracker.tracks[0].isDoubtful)
  }

  @Test func twoThatPassEachOtherKeepTheirTracks() {
    var tracker = Tracker()
    let found = numbers((0..<60).map { [face(100 + Float($0) * 10, 200), face(700 - Float($0) * 10, 230)] }, &tracker)
    #expect(found.allSatisfy { $0 == [1, 2] })
    // They were in one place: both have to be looked at again.
    #expect(tracker.tracks.allSatisfy { $0.isDoubtful })
  }

  @Test func aFaceThatIsHiddenForAMomentKeepsItsTrack() {
    var tracker = Tracker()
    let found = numbers((0..<60).map { (20..<35).contains($0) ? [] : [face(100 + Float($0) * 6)] }, &tracker)
    #expect(found.allSatisfy { $0.isEmpty || $0 == [1] })
    #expect(tracker.tracks[0].isDoubtful)
  }

  @Test func aFaceThatIsHiddenForLongerBeginsAnotherTrack() {
    var tracker = Tracker()
    _ = tracker.update([face(100)], at: 1)
    #expect(tracker.update([], at: 1 + Tracker.patience).isEmpty)
    #expect(tracker.update([], at: 1.1 + Tracker.patience).map { $0.number } == [1])
    _ = tracker.update([face(100)], at: 1.2 + Tracker.patience)
    #expect(tracker.tracks.map { $0.number } == [2])
  }

  @Test func aFastFaceIsFollowed() {
    var tracker = Tracker()
    // Less than its own size in each frame, so that boxes hardly overlap.
    let found = numbers((0..<10).map { [face(100 + Float($0) * 90)] }, &tracker)
    #expect(found.allSatisfy { $0 == [1] })
  }

  @Test func oneFaceIsNotAnother() {
    var tracker = Tracker()
    _ = tracker.update([face(100)], at: 0.04)
    // Too far away, and of quite another size.
    _ = tracker.update([face(250)], at: 0.08)
    _ = tracker.update([face(130, size: 300)], at: 0.12)
    #expect(tracker.tracks.map { $0.number } == [1, 2, 3])
  }

  @Test func thereIsALimit() {
    var tracker = Tracker()
    let crowd = (0..<100).map { face(Float($0) * 300) }
    _ = tracker.update(crowd, at: 1)
    #expect(tracker.tracks.count == Tracker.limit)
    #expect(tracker.endAll().count == Tracker.limit)
    #expect(tracker.tracks.isEmpty)
  }

  @Test func aTrackCanBeReplaced() {
    var tracker = Tracker()
    _ = tracker.update([face(100), face(500)], at: 1)
    let ended = tracker.replace(0, at: 1)
    #expect(ended.number == 1)
    #expect(tracker.tracks.map { $0.number } == [2, 3])
    #expect(tracker.tracks[1].face == face(100))
  }
}
