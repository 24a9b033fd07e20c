import CSIMD

/// Per-channel numbers of a requantisation, all in the packed channel order (a multiple of 16 of them).
///
/// `q = clamp(roundToNearestEven(Float(sum + bias) · m) + zero)` with `m = sum + bias < 0 ? negative : positive`: one
/// conversion, one multiplication, one rounding, so that there is nothing that a machine could do differently. PReLU is
/// the choice of `m`.
public struct Requantisation: @unchecked Sendable {
  public var bias: UnsafePointer<Int32>
  public var positive: UnsafePointer<Float>
  public var negative: UnsafePointer<Float>
  /// Whether `positive` alone is known to do: there is no activation, or clamping does what ReLU does.
  public var isLinear: Bool

  @inlinable
  public init(
    bias: UnsafePointer<Int32>, positive: UnsafePointer<Float>, negative: UnsafePointer<Float>, isLinear: Bool = false
  ) {
    self.bias = bias
    self.positive = positive
    self.negative = negative
    self.isLinear = isLinear
  }

  /// Asks for the numbers of 16 channels to be brought into the cache; there may be no such channels.
  @inlinable @inline(__always)
  func prefetch(block: Int) {
    csimd_prefetch_near(bias + block &* 16)
    csimd_prefetch_near(positive + block &* 16)
    csimd_prefetch_near(negative + block &* 16)
  }

  /// The numbers of 16 channels.
  @inlinable @inline(__always)
  func block(_ block: Int) -> RequantisationBlock {
    let channel = block &* 16
    return RequantisationBlock(
      bias: load(bias + channel), positive: load(positive + channel), negative: load(negative + channel))
  }
}

/// The numbers of 16 channels, in registers.
public struct RequantisationBlock: BitwiseCopyable {
  @usableFromInline let bias: SIMD16<Int32>
  @usableFromInline let positive: SIMD16<Float>
  @usableFromInline let negative: SIMD16<Float>

  @inlinable @inline(__always)
  init(bias: SIMD16<Int32>, positive: SIMD16<Float>, negative: SIMD16<Float>) {
    (self.bias, self.positive, self.negative) = (bias, positive, negative)
  }

  @inlinable @inline(__always)
  func scaled(_ sums: SIMD16<Int32>) -> SIMD16<Float> {
    let biased = sums &+ bias
    return csimd_float_from_int(biased) * csimd_select_by_sign(biased, positive, negative)
  }
  /// The scaled values of sums that have their bias.
  @inlinable @inline(__always)
  func scaled(_ biased: SIMD16<Float>, isLinear: Bool) -> SIMD16<Float> {
    biased * (isLinear ? positive : csimd_select_by_float_sign(biased, positive, negative))
  }
}
