import CSIMD
import SIMDKernels

/// int16 by SMLAL and SMLAL2 by element; LD2 takes the pairs of a step's input channels apart. A load is four input channels
/// of a pixel; a dot, eight output channels of two of them. Also the int16 arithmetic of later instruction sets, which bring
/// nothing for it.
public enum NEONInt16Dot: DotArithmetic {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static var pixelBytesPerLoad: Int { 8 }
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 4 }

  @inlinable @inline(__always)
  public static func zero() -> SumsByElement { SumsByElement() }
  /// The upper half is not used.
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Int16> {
    first.loadUnaligned(as: SIMD8<Int16>.self)
  }
  /// Of the even input channel, then of the odd one.
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> SIMD16<Int16> {
    csimd_load_2x8_shorts(weights + lane &* 32)
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout SumsByElement, _ pixels: SIMD8<Int16>, lane: Int, _ weights: SIMD16<Int16>) {
    sums.add(half: lane % 2, csimd_low_i16(weights), pixels, channel: lane / 2 * 2)
    sums.add(half: lane % 2, csimd_high_i16(weights), pixels, channel: lane / 2 * 2 + 1)
  }
  @inlinable @inline(__always)
  public static func sums(_ sums: SumsByElement, pixel: Int) -> SIMD16<Int32> { sums.total }
}
