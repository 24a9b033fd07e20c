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

/// A place is one pixel: per step of four input channels one load of a tile's pixels, one of weights.
extension DotProd.Int8Dot: InterleavedArithmetic {
  static var stepBytes: Int { 4 }
  static var stepOrder: PackedOrder { .fours }

  @inline(__always)
  static func interleave(
    _ a: SIMD16<Int8>, _ b: SIMD16<Int8>, _ c: SIMD16<Int8>, _ d: SIMD16<Int8>, to output: UnsafeMutableRawPointer,
    stepStride: Int
  ) {
    let (ac, bd) = (csimd_zip1_4_bytes(a, c), csimd_zip1_4_bytes(b, d))
    output.storeBytes(of: csimd_zip1_4_bytes(ac, bd), as: SIMD16<Int8>.self)
    (output + stepStride).storeBytes(of: csimd_zip2_4_bytes(ac, bd), as: SIMD16<Int8>.self)
    let (acHigh, bdHigh) = (csimd_zip2_4_bytes(a, c), csimd_zip2_4_bytes(b, d))
    (output + 2 &* stepStride).storeBytes(of: csimd_zip1_4_bytes(acHigh, bdHigh), as: SIMD16<Int8>.self)
    (output + 3 &* stepStride).storeBytes(of: csimd_zip2_4_bytes(acHigh, bdHigh), as: SIMD16<Int8>.self)
  }
  @inline(__always)
  static func multiplyStep<let places: Int>(
    _ sums: inout InlineArray<places, Quarters>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer
  ) {
    let x: csimd_2_i8x16
    if places == 1 {
      let first = pixels.loadUnaligned(as: SIMD16<Int8>.self)
      x = csimd_2_i8x16(a: first, b: first)
    } else {
      x = csimd_load_2_i8x16(pixels)
    }
    let w = csimd_load_4_i8x16(weights)
    for place in 0..<places {
      let (x, lane) = (place < 4 ? x.a : x.b, place % 4)
      sdot(&sums[unchecked: place].a, w.a, x, step: lane)
      sdot(&sums[unchecked: place].b, w.b, x, step: lane)
      sdot(&sums[unchecked: place].c, w.c, x, step: lane)
      sdot(&sums[unchecked: place].d, w.d, x, step: lane)
    }
    pixels += stepStride
    weights += 64
    for place in 0..<places {
      let sums = sums[unchecked: place]
      pixels = csimd_address_behind(pixels, sums.a, sums.b, sums.c, sums.d)
      weights = csimd_address_behind(weights, sums.a, sums.b, sums.c, sums.d)
    }
  }
  /// It reads the order of fours as it is.
  @inline(__always)
  static func reorder(_ weights: UnsafeRawPointer, to output: UnsafeMutableRawPointer) {}
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
