/// Requantises to int8 (stored XOR `flip`): the input of the next convolution.
public struct Int8Output: RequantisedOutput {
  public var plane: OutputPlane
  public var requantisation: Requantisation
  /// The zero points [channel].
  public var zero: UnsafePointer<Int8>
  public var flip: Int8

  @inlinable
  public init(plane: OutputPlane, requantisation: Requantisation, zero: UnsafePointer<Int8>, flip: Int8) {
    self.plane = plane
    self.requantisation = requantisation
    self.zero = zero
    self.flip = flip
  }

  @inlinable @inline(__always)
  public static var blockBytes: Int { 16 }
  @inlinable @inline(__always)
  public func constants(block: Int) -> Constants {
    Constants(requantisation: requantisation.block(block), zero: load(zero + block &* 16))
  }
  @inlinable @inline(__always)
  public func store(scaled: SIMD16<Float>, _ constants: Constants, at address: UnsafeMutableRawPointer) {
    let quantised = roundedToInt8(scaled, zero: constants.zero)
    #if arch(arm64)
      // No instruction set of ARM flips (`Int8DotProducts.pixelFlip`).
      address.storeBytes(of: quantised, as: SIMD16<Int8>.self)
    #else
      address.storeBytes(of: quantised ^ SIMD16(repeating: flip), as: SIMD16<Int8>.self)
    #endif
  }

  public struct Constants: RequantisedConstants {
    public let requantisation: RequantisationBlock
    @usableFromInline let zero: SIMD16<Int8>

    @inlinable @inline(__always)
    init(requantisation: RequantisationBlock, zero: SIMD16<Int8>) {
      (self.requantisation, self.zero) = (requantisation, zero)
    }
  }
}
