/// How faces come from images to a model: what every command that embeds them lets the user choose.
package struct FaceOptions: Sendable {
  /// Whether every image must be an aligned face of the model's size; nothing is detected then.
  package var aligned: Bool
  package var detection: DetectionOptions
  package var run: RunOptions
  /// The quality, 0…1, that a face in a photo must have (`FaceQuality.verdict`); nil takes any.
  package var quality: Float?

  /// What only the hopeless fall short of: what is left of the cosine to a good picture of the same face is less.
  package static let hopelessQuality: Float = 0.1

  package init(aligned: Bool = false, detection: DetectionOptions = DetectionOptions(), run: RunOptions) {
    self.aligned = aligned
    self.detection = detection
    self.run = run
  }
}
