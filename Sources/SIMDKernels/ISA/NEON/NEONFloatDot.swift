import CSIMD
import SIMDKernels

/// float32 by FMLA: 16 MACs in four instructions. Later instruction sets use these products, too.
public enum NEONFloatDot: DotProducts {
  public typealias Sum = Float

  /// A dot is four output channels.
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 4 }

  @inlinable @inline(__always)
  public static func zero() -> Quad<SIMD4<Float>> { Quad(SIMD4(), SIMD4(), SIMD4(), SIMD4()) }
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD4<Float> {
    SIMD4(repeating: first.loadUnaligned(as: Float.self))
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout Quad<SIMD4<Float>>, _ pixels: SIMD4<Float>, lane: Int, _ weights: SIMD4<Float>) {
    switch lane {
    case 0: sums.a = csimd_fmla(sums.a, weights, pixels)
    case 1: sums.b = csimd_fmla(sums.b, weights, pixels)
    case 2: sums.c = csimd_fmla(sums.c, weights, pixels)
    default: sums.d = csimd_fmla(sums.d, weights, pixels)
    }
  }
  @inlinable @inline(__always)
  public static func sums(_ accumulator: Quad<SIMD4<Float>>, pixel: Int) -> SIMD16<Float> {
    csimd_join_f32(accumulator.a, accumulator.b, accumulator.c, accumulator.d)
  }
}
