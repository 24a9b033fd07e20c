package import FaceImages

/// A face that is followed from frame to frame.
package struct Track: Sendable {
  /// Counted from 1.
  package let number: Int
  /// Where the face was found last.
  package private(set) var face: DetectedFace
  /// When it was found first and last, in seconds.
  package let begin: Double
  package private(set) var lastSeen: Double
  /// In how many frames it was found.
  package private(set) var frames = 1
  /// Of the box's centre, in pixels per second.
  private var speed = Point(x: 0, y: 0)
  /// Whether it may have become another face's since its last view: it was lost for a moment, or behind another.
  package var isDoubtful = false
  /// What is known of who it is.
  package var evidence: Evidence

  package init(number: Int, face: DetectedFace, at time: Double) {
    self.number = number
    self.face = face
    begin = time
    lastSeen = time
    evidence = Evidence(since: time)
  }

  /// How much a new measurement of the speed counts beside the old ones.
  private static let smoothing: Float = 0.4

  /// Where the face should be at a later time: it goes on as it moved, for half a second at most.
  package func box(at time: Double) -> FaceBox {
    let ahead = Float(min(max(time - lastSeen, 0), 0.5))
    return face.box.moved(x: speed.x * ahead, y: speed.y * ahead)
  }

  /// Takes over where the face was found in another frame.
  package mutating func move(to found: DetectedFace, at time: Double) {
    let seconds = Float(time - lastSeen)
    if seconds > 0 {
      let (from, to) = (face.box.centre, found.box.centre)
      let weight = frames == 1 ? 1 : Self.smoothing
      speed.x += ((to.x - from.x) / seconds - speed.x) * weight
      speed.y += ((to.y - from.y) / seconds - speed.y) * weight
    }
    face = found
    lastSeen = time
    frames += 1
  }
}

extension FaceBox {
  var centre: Point { Point(x: (left + right) / 2, y: (top + bottom) / 2) }

  func moved(x: Float, y: Float) -> FaceBox {
    FaceBox(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
  }

  /// The mean of both sides.
  var size: Float { (width + height) / 2 }
}
