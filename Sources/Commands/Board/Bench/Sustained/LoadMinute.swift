/// What a machine did in one minute under load.
package struct LoadMinute: Equatable, Sendable {
  /// The number of the minute: 1 for the first.
  package var number: Int
  /// The seconds that were measured: 60, or less where the run was ended early.
  package var seconds: Double
  package var embeddings: Int
  package var medianMilliseconds: Double
  package var p90Milliseconds: Double
  /// The highest temperature of the minute in degrees Celsius, nil where it is not known.
  package var temperature: Double?
  /// The mean clock of each class of cores in use, nil where it is not known.
  package var megahertz: [Double?]

  package init(
    number: Int, seconds: Double, embeddings: Int, medianMilliseconds: Double, p90Milliseconds: Double,
    temperature: Double?, megahertz: [Double?]
  ) {
    self.number = number
    self.seconds = seconds
    self.embeddings = embeddings
    self.medianMilliseconds = medianMilliseconds
    self.p90Milliseconds = p90Milliseconds
    self.temperature = temperature
    self.megahertz = megahertz
  }
}
