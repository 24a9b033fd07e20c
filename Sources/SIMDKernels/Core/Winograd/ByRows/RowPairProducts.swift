#if arch(x86_64)
  /// Dot products of pairs of int16, as registers take them.
  public protocol RowPairProducts: SendableMetatype {
    /// Widens 16 channels as they are stored, where the second and third of every four change places: `NextRowWeights` pairs them
    /// so.
    static func widened(_ pixels: SIMD16<Int8>) -> SIMD16<Int16>
    /// Adds to the sums of 16 output channels the products of a pair of input channels, which stands at an address, and
    /// of their weights, [16][2].
    static func add(_ sums: inout SIMD16<Int32>, pair: UnsafeRawPointer, _ weights: SIMD32<Int16>)
  }
#endif
