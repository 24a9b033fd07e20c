package import FaceBank
package import FaceImages
package import FaceqSupport

/// One visit: somebody came into view and was seen well enough to say who it is, or that it is a stranger. Told once.
package struct WatchEvent: Sendable {
  /// When the frame was taken that decided it, in seconds since 1970 (UTC).
  package var time: Double
  /// The number of that frame, counted from 1 over all frames that the source gave.
  package var frame: Int
  /// The number of the track, counted from 1. A frame's faces have the same numbers (`WatchedFace.track`).
  package var track: Int
  /// Who it is; nil for a stranger.
  package var name: PersonName?
  /// Who in the bank is most like it, whether or not that is enough; nil where the bank is empty.
  package var nearest: PersonName?
  /// The cosine with that person, −1…1.
  package var cosine: Float?
  /// By how much the cosine is above that with the second person; nil where there is no second.
  package var margin: Float?
  /// Of the best view, 0…1 (`FaceQuality.verdict`).
  package var quality: Float
  /// In pixels of the frame.
  package var box: FaceBox
  /// In how many frames the face had been found.
  package var frames: Int
  /// From when the frame had arrived to when the event was told.
  package var latencyMilliseconds: Double
  /// The mean of the embeddings of the views that voted, of unit length.
  package var embedding: [Float]
  /// The best view, aligned, at the model's size.
  package var aligned: RGBImage
  /// The best view with what is around it, at most 320 pixels wide and high.
  package var portrait: RGBImage

  package init(
    time: Double, frame: Int, track: Int, name: PersonName?, nearest: PersonName?, cosine: Float?, margin: Float?,
    quality: Float, box: FaceBox, frames: Int, latencyMilliseconds: Double, embedding: [Float], aligned: RGBImage,
    portrait: RGBImage
  ) {
    self.time = time
    self.frame = frame
    self.track = track
    self.name = name
    self.nearest = nearest
    self.cosine = cosine
    self.margin = margin
    self.quality = quality
    self.box = box
    self.frames = frames
    self.latencyMilliseconds = latencyMilliseconds
    self.embedding = embedding
    self.aligned = aligned
    self.portrait = portrait
  }

  /// The bytes of a JPEG file of `portrait`.
  package func snapshot() throws(FaceqError) -> [UInt8] { try encodeJPEG(portrait, quality: 90) }
}
