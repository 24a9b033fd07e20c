import FaceImages
import FaceqSupport

/// A face in a photo that a request brought.
struct PhotoFace {
  var face: DetectedFace
  /// What is left of the cosine to a good picture of the same face, 0…1.
  var quality: Float
  /// Why it should not be embedded; nil where nothing speaks against it.
  var objection: FaceObjection?
  /// Nil where there is an objection, or no embedding was asked for.
  var embedding: [Float]?
  /// RGB [row][column][3] of the model's size, where it was embedded.
  var aligned: [UInt8]?
}

extension JSONWriter {
  /// Box, score, landmarks, quality and fault of a face.
  mutating func members(of face: PhotoFace) {
    let box = face.face.box
    member("box", [box.left, box.top, box.right, box.bottom].map { Hundredths($0) })
    member("score", face.face.score)
    member("landmarks", face.face.landmarks.map { [Hundredths($0.x), Hundredths($0.y)] })
    member("quality", Double(face.quality), fractionDigits: 3)
    member("fault", face.objection?.explanation)
  }
}
