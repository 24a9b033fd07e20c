/// Rounds a layer's weights so that their errors make up for each other, and for the errors of what the layer reads.
///
/// That takes more than the weights: the network is rounded plainly first, and then such layers are rounded again, one
/// behind the other, on what they read in the quantised network (see `NetworkRefinement`).
public struct ErrorCompensation: WeightRounding {
  /// Images at most, chosen evenly from those there are: what bounds the memory.
  public static let images = 256
  /// Of the mean second moment of what a layer reads, added to every one.
  public var damping: Float = 0.01
  /// How much of the error of what a layer reads its weights are changed against, 0…1.
  public var correction: Float = 1
  /// How much of every pixel's moments in front of the linear layer are those of all pixels, 0…1.
  public var pooling: Float = 0.5
  /// Sweeps of coordinate descent behind the rounding.
  public var sweeps = 4

  public init() {}

  public var name: String { "compensated" }

  /// The plain rounding that comes first.
  public func round(_ weights: [Float], limit: Float) -> (values: [Int16], step: Float) {
    MinimumErrorRounding().round(weights, limit: limit)
  }
}
