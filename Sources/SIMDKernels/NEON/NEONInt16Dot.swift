import CSIMD
import SIMDKernels

/// int16 by SMLAL and SMLAL2: 32 MACs in eight instructions. Also the int16 arithmetic of later instruction sets, which
/// bring nothing for it.
public enum NEONInt16Dot: DotArithmetic {
  public typealias Sum = Int32

  /// A dot is four output channels.
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 4 }

  @inlinable @inline(__always)
  public static func zero() -> PartialSums { PartialSums() }
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Int16> {
    csimd_load_repeated_2_shorts(first)
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout PartialSums, _ pixels: SIMD8<Int16>, lane: Int, _ weights: SIMD8<Int16>) {
    switch lane {
    case 0: add(&sums.a, weights, pixels)
    case 1: add(&sums.b, weights, pixels)
    case 2: add(&sums.c, weights, pixels)
    default: add(&sums.d, weights, pixels)
    }
  }
  @inlinable @inline(__always)
  static func add(_ sums: inout PartialSums.Quarter, _ w: SIMD8<Int16>, _ x: SIMD8<Int16>) {
    sums.low = csimd_smlal_i16(sums.low, w, x)
    sums.high = csimd_smlal2_i16(sums.high, w, x)
  }
  @inlinable @inline(__always)
  public static func sums(_ accumulator: PartialSums, pixel: Int) -> SIMD16<Int32> { accumulator.total }
}
