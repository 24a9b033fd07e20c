package import FaceImages

/// One look at a face that is followed: the pixels that are embedded, and how well they were taken.
package struct View: Sendable {
  /// Aligned, at the model's size.
  package var aligned: RGBImage
  /// With what is around it.
  package var portrait: RGBImage
  /// 0…1 (`FaceQuality.verdict`).
  package var quality: Float

  package init(aligned: RGBImage, portrait: RGBImage, quality: Float) {
    self.aligned = aligned
    self.portrait = portrait
    self.quality = quality
  }
}

/// The embedding of a view that was looked at.
package struct Ballot: Sendable {
  /// Of unit length.
  package var embedding: [Float]
  /// Of the view, 0…1: how much it counts.
  package var quality: Float

  package init(embedding: [Float], quality: Float) {
    self.embedding = embedding
    self.quality = quality
  }
}
