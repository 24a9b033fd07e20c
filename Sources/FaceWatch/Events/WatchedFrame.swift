package import FaceBank
package import FaceImages
package import FaceqSupport

/// A frame that was looked at, and the faces that are followed in it.
package struct WatchedFrame: Sendable {
  /// Counted from 1 over all frames that the source gave; numbers of frames that were dropped are missing.
  package var number: Int
  /// When it was taken, in seconds since 1970 (UTC).
  package var time: Double
  /// In pixels.
  package var width: Int
  package var height: Int
  package var faces: [WatchedFace]
  package var picture: FramePicture

  package init(
    number: Int, time: Double, width: Int, height: Int, faces: [WatchedFace], picture: FramePicture
  ) {
    self.number = number
    self.time = time
    self.width = width
    self.height = height
    self.faces = faces
    self.picture = picture
  }

  /// The frame as a JPEG file: its own bytes, or encoded now where the source gives none.
  package func jpeg() throws(FaceqError) -> [UInt8] { try picture.jpeg(name: frameName(number)) }
}

/// What errors call a frame.
func frameName(_ number: Int) -> FilePath { FilePath("frame \(number)") }

/// A face in a frame, and what is known about it so far.
package struct WatchedFace: Sendable, Equatable {
  /// The number of its track, counted from 1.
  package var track: Int
  /// In pixels of the frame.
  package var box: FaceBox
  /// Whether enough of its views were looked at to say who it is, or that it is a stranger.
  package var isDecided: Bool
  /// Who it is; nil for a stranger, and while that is not decided.
  package var name: PersonName?
  /// The cosine with the most similar person in the bank; nil where no view was compared yet, or the bank is empty.
  package var cosine: Float?

  package init(track: Int, box: FaceBox, isDecided: Bool, name: PersonName?, cosine: Float?) {
    self.track = track
    self.box = box
    self.isDecided = isDecided
    self.name = name
    self.cosine = cosine
  }
}
