import CSIMD
import KernelsNEON
import SIMDKernels

/// ARMv8.2 with SDOT (Cortex-A55, A75 and later): 16 MACs in one instruction.
enum DotProd: KernelArithmetics {
  static var instructionSet: InstructionSet { .dotprod }

  /// SDOT by lane: one load of 16 bytes of a pixel serves four steps.
  enum Int8Dot: Int8Arithmetic {
    static var pixelFlip: Int8 { 0 }
    static var pixelBytesPerLoad: Int { 16 }
    static var dotsPerLoad: Int { 4 }

    @inline(__always)
    static func zero() -> Quarters<SIMD4<Int32>> { Quarters(SIMD4(), SIMD4(), SIMD4(), SIMD4()) }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int8> {
      first.loadUnaligned(as: SIMD16<Int8>.self)
    }
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer) -> Quarters<SIMD16<Int8>> {
      Quarters(
        weights.loadUnaligned(as: SIMD16<Int8>.self), (weights + 16).loadUnaligned(as: SIMD16<Int8>.self),
        (weights + 32).loadUnaligned(as: SIMD16<Int8>.self), (weights + 48).loadUnaligned(as: SIMD16<Int8>.self))
    }
    @inline(__always)
    static func dot(
      _ sums: Quarters<SIMD4<Int32>>, _ pixels: SIMD16<Int8>, lane: Int, _ weights: Quarters<SIMD16<Int8>>
    ) -> Quarters<SIMD4<Int32>> {
      Quarters(
        sdot(sums.a, weights.a, pixels, lane), sdot(sums.b, weights.b, pixels, lane),
        sdot(sums.c, weights.c, pixels, lane), sdot(sums.d, weights.d, pixels, lane))
    }
    @inline(__always)
    private static func sdot(
      _ sums: SIMD4<Int32>, _ weights: SIMD16<Int8>, _ pixels: SIMD16<Int8>, _ lane: Int
    ) -> SIMD4<Int32> {
      switch lane {
      case 0: csimd_sdot_lane_0(sums, weights, pixels)
      case 1: csimd_sdot_lane_1(sums, weights, pixels)
      case 2: csimd_sdot_lane_2(sums, weights, pixels)
      default: csimd_sdot_lane_3(sums, weights, pixels)
      }
    }
    @inline(__always)
    static func sums(_ accumulator: Quarters<SIMD4<Int32>>, pixel: Int) -> SIMD16<Int32> {
      csimd_join_i32(accumulator.a, accumulator.b, accumulator.c, accumulator.d)
    }

    /// Four output channels each.
    struct Quarters<Vector: BitwiseCopyable>: BitwiseCopyable {
      var a, b, c, d: Vector

      @inline(__always)
      init(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }
    }
  }

  typealias Int16Dot = NEONInt16Dot
  typealias FloatDot = NEONFloatDot
}

/// The kernels of this module.
@export(interface)
public func dotprodKernels() -> KernelTable {
  KernelTable(DotProd.self, int8: Tile<5, 1>(), int16: Tile<3, 1>(), float: Tile<6, 1>())
}
