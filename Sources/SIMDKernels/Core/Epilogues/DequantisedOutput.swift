/// Keeps `Float(sum + bias) · m`: the embedding before its norm.
public struct DequantisedOutput: RequantisedOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation

  @inlinable
  public init(plane: OutputPlane, requantisation: Requantisation) {
    self.plane = plane
    self.requantisation = requantisation
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 64 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> RequantisationBlock { requantisation.block(block) }
  @inlinable @inline(__always)
  public func store(scaled: SIMD16<Float>, _ constants: RequantisationBlock, at address: UnsafeMutableRawPointer) {
    address.storeBytes(of: scaled, as: SIMD16<Float>.self)
  }
}

extension RequantisationBlock: RequantisedConstants {
  @inlinable @inline(__always)
  public var requantisation: RequantisationBlock { self }
}
