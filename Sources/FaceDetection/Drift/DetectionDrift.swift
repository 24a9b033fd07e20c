package import FaceImages

/// How the faces that one detector finds in photos differ from those of another.
package struct DetectionDrift: Sendable {
  /// A face that both find.
  package struct Pair: Sendable {
    package var reference: DetectedFace
    package var face: DetectedFace
    /// Between the embeddings of the face as the one and as the other has its landmarks; nil where it has none.
    package var cosine: Float?
    /// Whether both have it from the same cell of their networks.
    package var isOfOneCell: Bool { reference.cell == face.cell }
  }

  /// The boxes of what counts as one face overlap by at least so much.
  package static let overlap = 0.5
  /// So far above the threshold, a face that only one detector finds is lost or invented; below it is faint.
  package static let margin: Float = 0.1

  /// The score from which on a face is one.
  package let score: Float
  package private(set) var photos = 0
  package private(set) var pairs: [Pair] = []
  /// The faces that only the reference finds: clear ones, and faint ones.
  package private(set) var lost: [DetectedFace] = []
  package private(set) var faintLost: [DetectedFace] = []
  /// The faces that only the other one finds.
  package private(set) var invented: [DetectedFace] = []
  package private(set) var faintInvented: [DetectedFace] = []

  package init(score: Float) { self.score = score }

  /// Adds what both find in a photo, best score first.
  ///
  /// - Parameter cosine: of the embeddings of a face as the one and as the other has it.
  package mutating func add<Failure: Error>(
    reference: [DetectedFace], faces: [DetectedFace],
    cosine: (_ reference: DetectedFace, _ face: DetectedFace) throws(Failure) -> Float?
  ) throws(Failure) {
    photos += 1
    var left = faces
    for face in reference {
      let overlaps = left.map { $0.box.overlap(with: face.box) }
      guard let best = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }), overlaps[best] >= Self.overlap else {
        if face.score >= score + Self.margin { lost.append(face) } else { faintLost.append(face) }
        continue
      }
      let other = left.remove(at: best)
      pairs.append(Pair(reference: face, face: other, cosine: try cosine(face, other)))
    }
    for face in left {
      if face.score >= score + Self.margin { invented.append(face) } else { faintInvented.append(face) }
    }
  }
}

extension DetectionDrift.Pair {
  /// The mean distance of the five points, in pixels; nil where there are none.
  package var landmarkError: Double? {
    guard reference.landmarks.count == 5, face.landmarks.count == 5 else { return nil }
    return zip(reference.landmarks, face.landmarks).reduce(0) { $0 + $1.0.distance(to: $1.1) } / 5
  }

  /// The same as a part of the distance between the eyes.
  package var relativeLandmarkError: Double? {
    guard let landmarkError else { return nil }
    let eyes = reference.landmarks[0].distance(to: reference.landmarks[1])
    return eyes > 0 ? landmarkError / eyes : nil
  }

  /// The mean distance of the four sides, in pixels.
  package var boxError: Double {
    let (one, other) = (reference.box, face.box)
    let sides = [
      one.left - other.left, one.top - other.top, one.right - other.right, one.bottom - other.bottom,
    ]
    return sides.reduce(0) { $0 + Double(abs($1)) } / 4
  }

  /// The same as a part of the face's size, the root of its area.
  package var relativeBoxError: Double {
    boxError / (Double(reference.box.width) * Double(reference.box.height)).squareRoot()
  }

  package var scoreError: Double { Double(abs(reference.score - face.score)) }
}

extension Point {
  fileprivate func distance(to other: Point) -> Double {
    let (x, y) = (Double(other.x) - Double(self.x), Double(other.y) - Double(self.y))
    return (x * x + y * y).squareRoot()
  }
}
