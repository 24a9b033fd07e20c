/// The numbers of a refinement.
public struct RefinementSettings: Sendable {
  /// Of the mean second moment, added to every one.
  public var damping: Float = 0.01
  /// How much of the error that a layer inherits it makes up for, 0…1.
  public var compensation: Float = 1
  /// Sweeps of coordinate descent.
  public var sweeps = 4
  /// How much of every pixel's moments in front of the linear layer are those of all pixels, 0…1.
  public var pooling: Float = 0.5
  /// Images at most, chosen evenly from those there are: what bounds the memory.
  public var images = 256

  public init() {}

  /// As stored in the model file.
  public var name: String {
    "error-compensated on up to \(images) images, damping \(damping), compensation \(compensation), \(sweeps) sweeps"
  }
}
