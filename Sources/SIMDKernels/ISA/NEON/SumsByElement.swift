import CSIMD

/// Sums of 16 output channels of one pixel, in channel order: four registers, to which SMLAL and SMLAL2 by element add
/// the products of one input channel.
public struct SumsByElement: BitwiseCopyable {
  @usableFromInline var a, b, c, d: SIMD4<Int32>

  @inlinable @inline(__always)
  init() { (a, b, c, d) = (SIMD4(), SIMD4(), SIMD4(), SIMD4()) }

  @inlinable @inline(__always)
  var total: SIMD16<Int32> { csimd_join_i32(a, b, c, d) }

  /// Adds the products of eight output channels, the first or the second ones, with lane `channel` of the pixel.
  @inlinable @inline(__always)
  mutating func add(half: Int, _ weights: SIMD8<Int16>, _ pixel: SIMD8<Int16>, channel: Int) {
    if half == 0 {
      SumsByElement.add(&a, &b, weights, pixel, channel)
    } else {
      SumsByElement.add(&c, &d, weights, pixel, channel)
    }
  }

  /// Adds the products of all output channels with lanes 2 · `pair` and 2 · `pair` + 1 of the pixel; `weights` are
  /// [2][16].
  @inlinable @inline(__always)
  mutating func add(_ weights: SIMD32<Int16>, _ pixel: SIMD16<Int16>, pair: Int) {
    let eight = pair < 4 ? csimd_low_i16(pixel) : csimd_high_i16(pixel)
    add(half: 0, csimd_eight_i16_0(weights), eight, channel: pair % 4 &* 2)
    add(half: 1, csimd_eight_i16_1(weights), eight, channel: pair % 4 &* 2)
    add(half: 0, csimd_eight_i16_2(weights), eight, channel: pair % 4 &* 2 &+ 1)
    add(half: 1, csimd_eight_i16_3(weights), eight, channel: pair % 4 &* 2 &+ 1)
  }

  /// The address, to be loaded from after the sums are computed (`csimd_address_after`).
  @inlinable @inline(__always)
  func after(_ address: UnsafeRawPointer) -> UnsafeRawPointer { csimd_address_after(address, a, b, c, d) }

  /// The address, to be loaded from after the sums are computed and after all addresses that this made before it
  /// (`csimd_address_after_in_order`).
  @inlinable @inline(__always)
  func afterInOrder(_ address: UnsafeRawPointer) -> UnsafeRawPointer {
    csimd_address_after_in_order(address, a, b, c, d)
  }

  @inlinable @inline(__always)
  static func add(
    _ low: inout SIMD4<Int32>, _ high: inout SIMD4<Int32>, _ w: SIMD8<Int16>, _ x: SIMD8<Int16>, _ channel: Int
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
}
