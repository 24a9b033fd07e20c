/// How thoroughly faces are looked for; nil takes what suits the detector.
package struct SearchSettings: Sendable, Equatable {
  /// In pixels of the picture, positive: narrower faces need not be found.
  package var minimumFace: Int?
  /// The score from which on a face is one, 0…1; of a detector that is one network.
  package var score: Float?
  /// How much a face may overlap a better one, 0…1; of a detector that is one network.
  package var overlap: Float?
  /// The probabilities, 0…1, that a face must reach in MTCNN's three networks.
  package var thresholds: [Float]?

  /// The settings for a picture whose sides were divided by `reduction`.
  package func reduced(by reduction: Int) -> SearchSettings {
    var reduced = self
    reduced.minimumFace = minimumFace.map { max($0 / reduction, 1) }
    return reduced
  }

  package init(minimumFace: Int? = nil, score: Float? = nil, overlap: Float? = nil, thresholds: [Float]? = nil) {
    self.minimumFace = minimumFace
    self.score = score
    self.overlap = overlap
    self.thresholds = thresholds
  }
}
