import CSIMD
import SIMDKernels

/// int16 by SMLAL and SMLAL2 by element: four MACs in one instruction. A load is eight input channels of a tile; a dot,
/// eight output channels of one of them.
public enum NEONTransformedDot: TransformedArithmetic {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static var pixelBytesPerLoad: Int { 16 }
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 16 }

  /// One input channel behind the other.
  @inlinable @inline(__always)
  public static func weights(_ even: SIMD16<Int16>, _ odd: SIMD16<Int16>) -> SIMD32<Int16> {
    csimd_join_i16(even, odd)
  }

  @inlinable @inline(__always)
  public static func zero() -> Quarters { Quarters() }
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Int16> {
    first.loadUnaligned(as: SIMD8<Int16>.self)
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout Quarters, _ pixels: SIMD8<Int16>, lane: Int, _ weights: SIMD8<Int16>) {
    if lane % 2 == 0 {
      add(&sums.a, &sums.b, weights, pixels, channel: lane / 2)
    } else {
      add(&sums.c, &sums.d, weights, pixels, channel: lane / 2)
    }
  }
  @inlinable @inline(__always)
  static func add(
    _ low: inout SIMD4<Int32>, _ high: inout SIMD4<Int32>, _ w: SIMD8<Int16>, _ x: SIMD8<Int16>, channel: Int
  ) {
    switch channel {
    case 0: (low, high) = (csimd_smlal_lane_0(low, w, x), csimd_smlal2_lane_0(high, w, x))
    case 1: (low, high) = (csimd_smlal_lane_1(low, w, x), csimd_smlal2_lane_1(high, w, x))
    case 2: (low, high) = (csimd_smlal_lane_2(low, w, x), csimd_smlal2_lane_2(high, w, x))
    case 3: (low, high) = (csimd_smlal_lane_3(low, w, x), csimd_smlal2_lane_3(high, w, x))
    case 4: (low, high) = (csimd_smlal_lane_4(low, w, x), csimd_smlal2_lane_4(high, w, x))
    case 5: (low, high) = (csimd_smlal_lane_5(low, w, x), csimd_smlal2_lane_5(high, w, x))
    case 6: (low, high) = (csimd_smlal_lane_6(low, w, x), csimd_smlal2_lane_6(high, w, x))
    default: (low, high) = (csimd_smlal_lane_7(low, w, x), csimd_smlal2_lane_7(high, w, x))
    }
  }
  @inlinable @inline(__always)
  public static func sums(_ sums: Quarters, pixel: Int) -> SIMD16<Int32> {
    csimd_join_i32(sums.a, sums.b, sums.c, sums.d)
  }

  /// Four output channels each.
  public struct Quarters: BitwiseCopyable {
    @usableFromInline var a, b, c, d: SIMD4<Int32>

    @inlinable @inline(__always)
    init() { (a, b, c, d) = (SIMD4(), SIMD4(), SIMD4(), SIMD4()) }
  }
}
