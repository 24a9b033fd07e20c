extension DriftSummary {
  /// Sums up one cosine per image, of which there must be one at least; percentiles as `percentile(_:ofSorted:)`.
  public init(cosines: [Float]) {
    let sorted = cosines.map { Double($0) }.sorted()
    self.init(
      images: sorted.count, mean: Float(sorted.reduce(0, +) / Double(sorted.count)),
      median: Float(percentile(50, ofSorted: sorted)), p5: Float(percentile(5, ofSorted: sorted)),
      p1: Float(percentile(1, ofSorted: sorted)), minimum: Float(sorted[0]))
  }
}
