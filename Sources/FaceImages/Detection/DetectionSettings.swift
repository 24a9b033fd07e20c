/// How thoroughly faces are looked for.
public struct DetectionSettings: Sendable, Equatable {
  /// The smallest face that is found, in pixels, at least 1.
  public var minimumFace: Int
  /// The quotient of each scale of the picture and the one before it, between 0 and 1.
  public var pyramidFactor: Double
  /// The probabilities, 0…1, that a candidate must reach in the three networks.
  public var proposalThreshold: Float
  public var refinementThreshold: Float
  public var outputThreshold: Float

  public init(
    minimumFace: Int = 20, pyramidFactor: Double = 0.709, proposalThreshold: Float = 0.6,
    refinementThreshold: Float = 0.7, outputThreshold: Float = 0.8
  ) {
    self.minimumFace = minimumFace
    self.pyramidFactor = pyramidFactor
    self.proposalThreshold = proposalThreshold
    self.refinementThreshold = refinementThreshold
    self.outputThreshold = outputThreshold
  }
}
