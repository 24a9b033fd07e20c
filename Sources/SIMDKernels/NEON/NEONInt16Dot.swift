import CSIMD
import SIMDKernels

/// int16 by SMLAL and SMLAL2: 32 MACs in eight instructions. Also the int16 arithmetic of later instruction sets, which
/// bring nothing for it.
public enum NEONInt16Dot: DotArithmetic {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static func zero() -> PartialSums { PartialSums() }
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Int16> {
    csimd_repeat_2_shorts_128(first.loadUnaligned(as: Int32.self))
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer) -> Weights {
    Weights(
      weights.loadUnaligned(as: SIMD8<Int16>.self), (weights + 16).loadUnaligned(as: SIMD8<Int16>.self),
      (weights + 32).loadUnaligned(as: SIMD8<Int16>.self), (weights + 48).loadUnaligned(as: SIMD8<Int16>.self))
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: PartialSums, _ pixels: SIMD8<Int16>, lane: Int, _ weights: Weights) -> PartialSums {
    PartialSums(
      add(sums.a, weights.a, pixels), add(sums.b, weights.b, pixels), add(sums.c, weights.c, pixels),
      add(sums.d, weights.d, pixels))
  }
  @inlinable @inline(__always)
  static func add(_ sums: PartialSums.Quarter, _ w: SIMD8<Int16>, _ x: SIMD8<Int16>) -> PartialSums.Quarter {
    PartialSums.Quarter(low: csimd_smlal_i16(sums.low, w, x), high: csimd_smlal2_i16(sums.high, w, x))
  }
  @inlinable @inline(__always)
  public static func sums(_ accumulator: PartialSums, pixel: Int) -> SIMD16<Int32> { accumulator.total }

  /// One step: four output channels each, two values per channel.
  public struct Weights: BitwiseCopyable {
    @usableFromInline var a, b, c, d: SIMD8<Int16>

    @inlinable @inline(__always)
    init(_ a: SIMD8<Int16>, _ b: SIMD8<Int16>, _ c: SIMD8<Int16>, _ d: SIMD8<Int16>) {
      (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }
  }
}
