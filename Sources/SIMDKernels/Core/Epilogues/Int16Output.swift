/// Requantises to int16: a residual branch, the trunk itself, or the input of the next convolution.
public struct Int16Output: RequantisedOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation
  /// The bounds that values are clamped to: the sums of the next convolution rely on them.
  public var lowest: Int16
  public var highest: Int16

  @inlinable
  public init(
    plane: OutputPlane, requantisation: Requantisation, lowest: Int16 = -32768, highest: Int16 = 32767
  ) {
    self.plane = plane
    self.requantisation = requantisation
    self.lowest = lowest
    self.highest = highest
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 32 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> Constants {
    Constants(requantisation: requantisation.block(block), lowest: lowest, highest: highest)
  }
  @inlinable @inline(__always)
  public func store(scaled: SIMD16<Float>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    address.storeBytes(
      of: roundedToInt16(scaled, lowest: constants.lowest, highest: constants.highest), as: SIMD16<Int16>.self)
  }

  public struct Constants: RequantisedConstants {
    public let requantisation: RequantisationBlock
    @usableFromInline let lowest, highest: Int16

    @inlinable @inline(__always)
    init(requantisation: RequantisationBlock, lowest: Int16, highest: Int16) {
      (self.requantisation, self.lowest, self.highest) = (requantisation, lowest, highest)
    }
  }
}
