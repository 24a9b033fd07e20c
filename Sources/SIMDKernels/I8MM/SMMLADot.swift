import CSIMD
import SIMDKernels

/// SMMLA multiplies two output channels with two pixels, eight input channels deep. A load is 16 bytes of two pixels; a dot,
/// four output channels of eight of them.
protocol SMMLADot: Int8Arithmetic
where
  Accumulator == SMMLASums, PixelVector == Halves<SIMD16<Int8>>, WeightVector == Halves<SIMD16<Int8>>
{}

extension SMMLADot {
  static var pixelFlip: Int8 { 0 }
  static var pixelsPerAccumulator: Int { 2 }
  static var pixelBytesPerLoad: Int { 16 }
  static var dotsPerLoad: Int { 8 }

  @inline(__always)
  static func zero() -> SMMLASums {
    let zero = Halves(first: SIMD4<Int32>(), second: SIMD4<Int32>())
    return SMMLASums(a: zero, b: zero, c: zero, d: zero)
  }
  /// The first eight input channels of both pixels, then the second eight.
  @inline(__always)
  static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> Halves<SIMD16<Int8>> {
    let (x, y) = (first.loadUnaligned(as: SIMD16<Int8>.self), second.loadUnaligned(as: SIMD16<Int8>.self))
    return Halves(first: csimd_zip1_8_bytes(x, y), second: csimd_zip2_8_bytes(x, y))
  }
  @inline(__always)
  static func dot(
    _ sums: inout SMMLASums, _ pixels: Halves<SIMD16<Int8>>, lane: Int, _ weights: Halves<SIMD16<Int8>>
  ) {
    let x = lane < 4 ? pixels.first : pixels.second
    switch lane % 4 {
    case 0: add(&sums.a, weights, x)
    case 1: add(&sums.b, weights, x)
    case 2: add(&sums.c, weights, x)
    default: add(&sums.d, weights, x)
    }
  }
  @inline(__always)
  private static func add(_ sums: inout Halves<SIMD4<Int32>>, _ w: Halves<SIMD16<Int8>>, _ x: SIMD16<Int8>) {
    sums.first = csimd_smmla(sums.first, w.first, x)
    sums.second = csimd_smmla(sums.second, w.second, x)
  }
  @inline(__always)
  static func sums(_ sums: SMMLASums, pixel: Int) -> SIMD16<Int32> {
    pixel == 0
      ? csimd_join_i32(
        csimd_uzp1(sums.a.first, sums.a.second), csimd_uzp1(sums.b.first, sums.b.second),
        csimd_uzp1(sums.c.first, sums.c.second), csimd_uzp1(sums.d.first, sums.d.second))
      : csimd_join_i32(
        csimd_uzp2(sums.a.first, sums.a.second), csimd_uzp2(sums.b.first, sums.b.second),
        csimd_uzp2(sums.c.first, sums.c.second), csimd_uzp2(sums.d.first, sums.d.second))
  }
}

struct Halves<Vector: BitwiseCopyable>: BitwiseCopyable {
  var first, second: Vector
}

/// 16 output channels × two pixels, [channel][pixel], two output channels to a vector.
struct SMMLASums: BitwiseCopyable {
  var a, b, c, d: Halves<SIMD4<Int32>>
}
