import CSIMD
import SIMDKernels

/// float32 by FMLA: 16 MACs in four instructions. Also the float arithmetic of later instruction sets.
public enum NEONFloatDot: DotArithmetic {
  public typealias Sum = Float

  @inlinable @inline(__always)
  public static func zero() -> Quarters { Quarters(SIMD4(), SIMD4(), SIMD4(), SIMD4()) }
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD4<Float> {
    SIMD4(repeating: first.loadUnaligned(as: Float.self))
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer) -> Quarters {
    Quarters(
      weights.loadUnaligned(as: SIMD4<Float>.self), (weights + 16).loadUnaligned(as: SIMD4<Float>.self),
      (weights + 32).loadUnaligned(as: SIMD4<Float>.self), (weights + 48).loadUnaligned(as: SIMD4<Float>.self))
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: Quarters, _ pixels: SIMD4<Float>, lane: Int, _ weights: Quarters) -> Quarters {
    Quarters(
      csimd_fmla(sums.a, weights.a, pixels), csimd_fmla(sums.b, weights.b, pixels),
      csimd_fmla(sums.c, weights.c, pixels), csimd_fmla(sums.d, weights.d, pixels))
  }
  @inlinable @inline(__always)
  public static func sums(_ accumulator: Quarters, pixel: Int) -> SIMD16<Float> {
    csimd_join_f32(accumulator.a, accumulator.b, accumulator.c, accumulator.d)
  }

  /// Four output channels each.
  public struct Quarters: BitwiseCopyable {
    @usableFromInline var a, b, c, d: SIMD4<Float>

    @inlinable @inline(__always)
    init(_ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>) {
      (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }
  }
}
