import CSIMD
import KernelsNEON
import SIMDKernels

/// ARMv8.2 with SDOT (Cortex-A55, A75 and later): 16 MACs in one instruction.
enum DotProd: KernelArithmetics {
  static var instructionSet: InstructionSet { .dotprod }

  /// SDOT by lane: one load of 16 bytes of a pixel serves four steps. A dot is four output channels of one of them.
  enum Int8Dot: Int8Arithmetic {
    static var pixelFlip: Int8 { 0 }
    static var pixelBytesPerLoad: Int { 16 }
    static var dotsPerLoad: Int { 16 }

    @inline(__always)
    static func zero() -> Quarters { Quarters(a: SIMD4(), b: SIMD4(), c: SIMD4(), d: SIMD4()) }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int8> {
      first.loadUnaligned(as: SIMD16<Int8>.self)
    }
    @inline(__always)
    static func dot(_ sums: inout Quarters, _ pixels: SIMD16<Int8>, lane: Int, _ weights: SIMD16<Int8>) {
      switch lane % 4 {
      case 0: sdot(&sums.a, weights, pixels, step: lane / 4)
      case 1: sdot(&sums.b, weights, pixels, step: lane / 4)
      case 2: sdot(&sums.c, weights, pixels, step: lane / 4)
      default: sdot(&sums.d, weights, pixels, step: lane / 4)
      }
    }
    @inline(__always)
    fileprivate static func sdot(
      _ sums: inout SIMD4<Int32>, _ weights: SIMD16<Int8>, _ pixels: SIMD16<Int8>, step: Int
    ) {
      switch step {
      case 0: sums = csimd_sdot_lane_0(sums, weights, pixels)
      case 1: sums = csimd_sdot_lane_1(sums, weights, pixels)
      case 2: sums = csimd_sdot_lane_2(sums, weights, pixels)
      default: sums = csimd_sdot_lane_3(sums, weights, pixels)
      }
    }
    @inline(__always)
    static func sums(_ sums: Quarters, pixel: Int) -> SIMD16<Int32> {
      csimd_join_i32(sums.a, sums.b, sums.c, sums.d)
    }

    /// Four output channels each.
    struct Quarters: BitwiseCopyable {
      var a, b, c, d: SIMD4<Int32>
    }
  }

  typealias Int16Dot = NEONInt16Dot
  typealias TransformedDot = NEONTransformedDot
  typealias FloatDot = NEONFloatDot
}

/// A place is one pixel: per two steps of four input channels one load of a tile's pixels, two of weights.
extension DotProd.Int8Dot: InterleavedArithmetic {
  static var stepBytes: Int { 8 }
  static var stepOrder: PackedOrder { .fours }

  @inline(__always)
  static func interleave(
    _ a: SIMD16<Int8>, _ b: SIMD16<Int8>, _ c: SIMD16<Int8>, _ d: SIMD16<Int8>, to output: UnsafeMutableRawPointer,
    stepStride: Int
  ) {
    csimd_store_2_i8x16(output, csimd_zip1_8_bytes(a, b), csimd_zip1_8_bytes(c, d))
    csimd_store_2_i8x16(output + stepStride, csimd_zip2_8_bytes(a, b), csimd_zip2_8_bytes(c, d))
  }
  @inline(__always)
  static func accumulator(startingAt bias: UnsafePointer<Int32>) -> Quarters {
    let b = UnsafeRawPointer(bias).loadUnaligned(as: SIMD16<Int32>.self)
    return Quarters(a: b.lowHalf.lowHalf, b: b.lowHalf.highHalf, c: b.highHalf.lowHalf, d: b.highHalf.highHalf)
  }
  @inline(__always)
  static func multiplyStep<let places: Int>(
    _ sums: inout InlineArray<places, Quarters>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer
  ) {
    let x: csimd_3_i8x16
    if places <= 2 {
      let two = pixels.loadUnaligned(as: SIMD16<Int8>.self)
      x = csimd_3_i8x16(a: two, b: two, c: two)
    } else {
      x = csimd_load_3_i8x16(pixels)
    }
    addStep(&sums, x, 0, &weights)
    addStep(&sums, x, 1, &weights)
    pixels += stepStride
    for place in 0..<places { pixels = behind(sums[unchecked: place], pixels) }
  }
  @inline(__always)
  private static func addStep<let places: Int>(
    _ sums: inout InlineArray<places, Quarters>, _ x: csimd_3_i8x16, _ step: Int, _ weights: inout UnsafeRawPointer
  ) {
    let w = csimd_load_4_i8x16(weights)
    for place in 0..<places {
      let (x, lane) = (place < 2 ? x.a : place < 4 ? x.b : x.c, place % 2 &* 2 &+ step)
      sdot(&sums[unchecked: place].a, w.a, x, step: lane)
      sdot(&sums[unchecked: place].b, w.b, x, step: lane)
      sdot(&sums[unchecked: place].c, w.c, x, step: lane)
      sdot(&sums[unchecked: place].d, w.d, x, step: lane)
    }
    weights += 64
    for place in 0..<places { weights = behind(sums[unchecked: place], weights) }
  }
  @inline(__always)
  private static func behind(_ sums: Quarters, _ address: UnsafeRawPointer) -> UnsafeRawPointer {
    csimd_address_behind(address, sums.a, sums.b, sums.c, sums.d)
  }
  /// It reads the order of fours as it is.
  @inline(__always)
  static func reorder(_ weights: inout UnsafeRawPointer, to output: inout UnsafeMutableRawPointer) {}
}

/// The kernels of this module.
@export(interface)
public func dotprodKernels() -> KernelTable {
  var table = KernelTable(
    DotProd.self, int8: Tile<6, 1>(), int16: Tile<5, 1>(), linear: Tile<1, 1>(),
    transformed: TransformedTile<4, 4, 4, 1>(),
    float: Tile<6, 1>())
  table.interleave(DotProd.Int8Dot.self, reading: .fours, tile: Tile<6, 1>())
  return table
}
