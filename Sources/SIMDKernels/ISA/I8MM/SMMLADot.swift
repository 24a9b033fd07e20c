import CSIMD
import KernelsDotProd
import SIMDKernels

/// SMMLA multiplies two output channels with two pixels, eight input channels deep. A load is 16 bytes of two pixels; a
/// dot, four output channels of eight of them.
protocol SMMLADot: EightByteSteps
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

/// A place is two pixels, so that a tile's places are what SMMLA takes: per step of eight input channels one load of
/// them, two of weights.
extension SMMLADot {
  static var stepOrder: PackedOrder { .eights }

  @inline(__always)
  static func accumulator(startingAt bias: UnsafePointer<Int32>) -> SMMLASums {
    let b = UnsafeRawPointer(bias).loadUnaligned(as: SIMD16<Int32>.self)
    return SMMLASums(
      a: forBothPixels(b.lowHalf.lowHalf), b: forBothPixels(b.lowHalf.highHalf), c: forBothPixels(b.highHalf.lowHalf),
      d: forBothPixels(b.highHalf.highHalf))
  }
  @inline(__always)
  private static func forBothPixels(_ bias: SIMD4<Int32>) -> Halves<SIMD4<Int32>> {
    Halves(first: csimd_zip1(bias, bias), second: csimd_zip2(bias, bias))
  }
  @inline(__always)
  static func multiplyStep<let places: Int>(
    _ sums: inout InlineArray<places, SMMLASums>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer
  ) {
    let x: csimd_3_i8x16
    if places <= 2 {
      // Two registers for one place, too, because such a load can move its address.
      let two = csimd_load_2_i8x16(pixels)
      x = csimd_3_i8x16(a: two.a, b: two.b, c: two.b)
    } else {
      x = csimd_load_3_i8x16(pixels)
    }
    let low = csimd_load_4_i8x16(weights)
    for place in 0..<places {
      let x = place == 0 ? x.a : place == 1 ? x.b : x.c
      add(&sums[unchecked: place].a, Halves(first: low.a, second: low.b), x)
      add(&sums[unchecked: place].b, Halves(first: low.c, second: low.d), x)
    }
    weights = after(sums[unchecked: places &- 1], weights + 64)
    let high = csimd_load_4_i8x16(weights)
    for place in 0..<places {
      let x = place == 0 ? x.a : place == 1 ? x.b : x.c
      add(&sums[unchecked: place].c, Halves(first: high.a, second: high.b), x)
      add(&sums[unchecked: place].d, Halves(first: high.c, second: high.d), x)
    }
    pixels = after(sums[unchecked: places &- 1], pixels + stepStride)
    weights = after(sums[unchecked: places &- 1], weights + 64)
  }
  @inline(__always)
  private static func after(_ sums: SMMLASums, _ address: UnsafeRawPointer) -> UnsafeRawPointer {
    csimd_address_after(address, sums.b.first, sums.b.second, sums.d.first, sums.d.second)
  }
  @inline(__always)
  static func reorder(_ weights: inout UnsafeRawPointer, to output: inout UnsafeMutableRawPointer) {
    let first = csimd_load_4_i8x16(weights)
    weights = moved(weights)
    let second = csimd_load_4_i8x16(weights)
    weights = moved(weights)
    csimd_store_4_i8x16(
      output, csimd_zip1_4_bytes(first.a, second.a), csimd_zip2_4_bytes(first.a, second.a),
      csimd_zip1_4_bytes(first.b, second.b), csimd_zip2_4_bytes(first.b, second.b))
    output = csimd_opaque_pointer(output + 64)
    csimd_store_4_i8x16(
      output, csimd_zip1_4_bytes(first.c, second.c), csimd_zip2_4_bytes(first.c, second.c),
      csimd_zip1_4_bytes(first.d, second.d), csimd_zip2_4_bytes(first.d, second.d))
    output = csimd_opaque_pointer(output + 64)
  }
  @inline(__always)
  private static func moved(_ weights: UnsafeRawPointer) -> UnsafeRawPointer {
    UnsafeRawPointer(csimd_opaque_pointer(UnsafeMutableRawPointer(mutating: weights + 64)))
  }
}

struct Halves<Vector: BitwiseCopyable>: BitwiseCopyable {
  var first, second: Vector
}

/// The sums of 16 output channels × two pixels, [channel][pixel], two output channels to a vector.
struct SMMLASums: BitwiseCopyable {
  var a, b, c, d: Halves<SIMD4<Int32>>
}
