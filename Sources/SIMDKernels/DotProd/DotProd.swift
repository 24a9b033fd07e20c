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
    private static func sdot(
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

/// The kernels of this module.
@export(interface)
public func dotprodKernels() -> KernelTable {
  KernelTable(
    DotProd.self, int8: Tile<6, 1>(), int16: Tile<5, 1>(), transformed: TransformedTile<4, 4, 4, 1>(),
    float: Tile<6, 1>())
}
