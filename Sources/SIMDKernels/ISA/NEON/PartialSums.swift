import CSIMD

/// Two partial sums for each of 16 output channels, in channel order: eight registers.
public struct PartialSums: BitwiseCopyable {
  /// The partial sums of four output channels.
  public struct Quarter: BitwiseCopyable {
    public var low, high: SIMD4<Int32>

    @inlinable @inline(__always)
    public init(low: SIMD4<Int32>, high: SIMD4<Int32>) { (self.low, self.high) = (low, high) }

    @inlinable @inline(__always)
    var total: SIMD4<Int32> { csimd_addp(low, high) }
  }

  public var a, b, c, d: Quarter

  @inlinable @inline(__always)
  public init() {
    let zero = Quarter(low: SIMD4(), high: SIMD4())
    (a, b, c, d) = (zero, zero, zero, zero)
  }

  @inlinable @inline(__always)
  public init(_ a: Quarter, _ b: Quarter, _ c: Quarter, _ d: Quarter) {
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  @inlinable @inline(__always)
  public var total: SIMD16<Int32> { csimd_join_i32(a.total, b.total, c.total, d.total) }
}
