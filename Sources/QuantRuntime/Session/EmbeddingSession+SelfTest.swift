import FaceqSupport

extension EmbeddingSession {
  /// The embedding of `selfTestPattern`, which a calibrated model brings along.
  package func selfTest() throws(FaceqError) -> [Float] {
    try embed(selfTestPattern(height: model.image.height, width: model.image.width))
  }
}
