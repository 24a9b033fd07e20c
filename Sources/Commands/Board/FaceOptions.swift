/// How faces come from images to a model: what every command that embeds them lets the user choose.
package struct FaceOptions: Sendable {
  /// Whether every image must be an aligned face of the model's size; nothing is detected then.
  package var aligned: Bool
  package var detection: DetectionOptions
  package var run: RunOptions

  package init(aligned: Bool = false, detection: DetectionOptions = DetectionOptions(), run: RunOptions) {
    self.aligned = aligned
    self.detection = detection
    self.run = run
  }
}
