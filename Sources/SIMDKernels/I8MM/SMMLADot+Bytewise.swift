import CSIMD
import SIMDKernels

/// int16 by SMMLA and UMMLA: four products of bytes for one of int16.
extension I8MM.PackedInt8Dot: BytewiseArithmetic {
  @inline(__always)
  static func multiplyUnsignedStep<let places: Int>(
    _ sums: inout InlineArray<places, SMMLASums>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer
  ) {
    let x: csimd_3_i8x16
    if places == 1 {
      let first = pixels.loadUnaligned(as: SIMD16<Int8>.self)
      x = csimd_3_i8x16(a: first, b: first, c: first)
    } else {
      x = csimd_load_3_i8x16(pixels)
    }
    let low = csimd_load_4_i8x16(weights)
    for place in 0..<places {
      let x = place == 0 ? x.a : place == 1 ? x.b : x.c
      add(&sums[unchecked: place].a, low.a, low.b, x)
      add(&sums[unchecked: place].b, low.c, low.d, x)
    }
    weights = behind(sums[unchecked: places &- 1], weights + 64)
    let high = csimd_load_4_i8x16(weights)
    for place in 0..<places {
      let x = place == 0 ? x.a : place == 1 ? x.b : x.c
      add(&sums[unchecked: place].c, high.a, high.b, x)
      add(&sums[unchecked: place].d, high.c, high.d, x)
    }
    pixels = behind(sums[unchecked: places &- 1], pixels + stepStride)
    weights = behind(sums[unchecked: places &- 1], weights + 64)
  }
  @inline(__always)
  private static func add(
    _ sums: inout Halves<SIMD4<Int32>>, _ first: SIMD16<Int8>, _ second: SIMD16<Int8>, _ pixels: SIMD16<Int8>
  ) {
    sums.first = csimd_ummla(sums.first, first, pixels)
    sums.second = csimd_ummla(sums.second, second, pixels)
  }
  @inline(__always)
  private static func behind(_ sums: SMMLASums, _ address: UnsafeRawPointer) -> UnsafeRawPointer {
    csimd_address_behind(address, sums.b.first, sums.b.second, sums.d.first, sums.d.second)
  }
  @inline(__always)
  static func shiftLeft(_ sums: inout SMMLASums, by bits: Int32) {
    let bits = SIMD4(repeating: bits)
    let shift = { (sums: Halves<SIMD4<Int32>>) in Halves(first: sums.first &<< bits, second: sums.second &<< bits) }
    sums = SMMLASums(a: shift(sums.a), b: shift(sums.b), c: shift(sums.c), d: shift(sums.d))
  }
  @inline(__always)
  static func splitWeights(_ weights: UnsafeRawPointer, high: UnsafeMutableRawPointer, low: UnsafeMutableRawPointer) {
    csimd_split_weights(weights, high, low)
  }
  @inline(__always)
  static func imageWindow(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ third: UnsafeRawPointer
  ) -> (SIMD16<Int8>, SIMD16<Int8>) {
    let bytes = csimd_image_window(first, second, third)
    return (bytes.a, bytes.b)
  }
}
