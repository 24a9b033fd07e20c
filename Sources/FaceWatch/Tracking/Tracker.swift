package import FaceImages

/// Says which faces of a frame are those of the frames before, by where they are and how they moved.
package struct Tracker: Sendable {
  /// In the order of their numbers.
  package var tracks: [Track] = []
  private var lastNumber = 0

  /// Seconds that a face may be out of sight before its track ends.
  package static let patience = 1.0
  /// Tracks at once: memory is fixed.
  package static let limit = 32
  /// The overlap from which on a face is taken for that of a track, 0…1.
  private static let leastOverlap = 0.25
  /// What two boxes must have in common for the faces to be taken for one behind the other, 0…1.
  private static let doubtfulOverlap = 0.1

  package init() {}

  /// Takes in the faces of a frame.
  ///
  /// - Parameters:
  ///   - faces: best first; of faces that would begin more tracks than there may be, the last are left out.
  ///   - time: of the frame, in seconds, later than that of the frame before.
  /// - Returns: the tracks that ended because their faces are out of sight.
  package mutating func update(_ faces: [DetectedFace], at time: Double) -> [Track] {
    var isFree = [Bool](repeating: true, count: faces.count)
    var isLost = [Bool](repeating: true, count: tracks.count)
    let pairs = self.pairs(faces, at: time)
    for pair in pairs where isLost[pair.track] && isFree[pair.face] {
      isLost[pair.track] = false
      isFree[pair.face] = false
      let gap = time - tracks[pair.track].lastSeen
      // Between two frames of a slow camera nobody comes back.
      if gap > 0.3 { tracks[pair.track].isDoubtful = true }
      tracks[pair.track].move(to: faces[pair.face], at: time)
    }
    markDoubtful()
    let ended = tracks.filter { time - $0.lastSeen > Self.patience }
    tracks.removeAll { time - $0.lastSeen > Self.patience }
    for (index, face) in faces.enumerated() where isFree[index] && tracks.count < Self.limit {
      begin(face, at: time)
    }
    return ended
  }

  /// Ends all tracks.
  package mutating func endAll() -> [Track] {
    defer { tracks = [] }
    return tracks
  }

  /// Ends a track whose face has turned out to be another one's, and begins a track of that.
  ///
  /// - Parameter index: of the track in `tracks`, which the new one replaces.
  /// - Returns: the track that ended.
  package mutating func replace(_ index: Int, at time: Double) -> Track {
    let ended = tracks.remove(at: index)
    begin(ended.face, at: time)
    return ended
  }

  private mutating func begin(_ face: DetectedFace, at time: Double) {
    lastNumber += 1
    tracks.append(Track(number: lastNumber, face: face, at: time))
  }

  /// What may belong together, the best first: boxes that overlap where the track should be, and behind them those that
  /// are near enough for a face that moves fast.
  private func pairs(_ faces: [DetectedFace], at time: Double) -> [(track: Int, face: Int)] {
    var pairs: [(track: Int, face: Int, likeness: Double)] = []
    for (index, track) in tracks.enumerated() {
      let expected = track.box(at: time)
      for (number, face) in faces.enumerated() {
        let overlap = max(expected.overlap(with: face.box), track.face.box.overlap(with: face.box))
        if overlap >= Self.leastOverlap {
          pairs.append((index, number, 1 + overlap))
        } else if let nearness = Self.nearness(expected, face.box) {
          pairs.append((index, number, nearness))
        }
      }
    }
    pairs.sort { ($1.likeness, $0.track, $0.face) < ($0.likeness, $1.track, $1.face) }
    return pairs.map { ($0.track, $0.face) }
  }

  /// How near two boxes of about one size are, 0…1; nil where they are further from each other than they are large.
  private static func nearness(_ first: FaceBox, _ second: FaceBox) -> Double? {
    let size = max(first.size, second.size)
    guard min(first.size, second.size) * 2 > size else { return nil }
    let (x, y) = (first.centre.x - second.centre.x, first.centre.y - second.centre.y)
    let distance = Double(x * x + y * y).squareRoot() / Double(size)
    return distance < 1 ? 1 - distance : nil
  }

  /// Faces that overlap may be exchanged.
  private mutating func markDoubtful() {
    for first in tracks.indices {
      for second in tracks.indices where second > first {
        guard tracks[first].face.box.overlap(with: tracks[second].face.box) > Self.doubtfulOverlap else { continue }
        tracks[first].isDoubtful = true
        tracks[second].isDoubtful = true
      }
    }
  }
}
