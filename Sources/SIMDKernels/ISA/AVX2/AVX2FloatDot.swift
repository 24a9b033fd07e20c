import CSIMD
import SIMDKernels

/// float32 by FMA: 16 MACs in two instructions. 256-bit VNNI uses these products, too, by a type of that module's
/// own.
public protocol AVX2FloatDot: DotProducts
where Sum == Float, Accumulator == SIMD16<Float>, PixelVector == SIMD8<Float>, WeightVector == SIMD16<Float> {}

extension AVX2FloatDot {
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Float> {
    SIMD8(repeating: first.loadUnaligned(as: Float.self))
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout SIMD16<Float>, _ pixels: SIMD8<Float>, lane: Int, _ weights: SIMD16<Float>) {
    sums = SIMD16(
      lowHalf: csimd_fma_f32x8(pixels, weights.lowHalf, sums.lowHalf),
      highHalf: csimd_fma_f32x8(pixels, weights.highHalf, sums.highHalf))
  }
}
