import CSIMD
import KernelsNEON
import SIMDKernels

/// ARMv8.6 with SMMLA (Cortex-A510, A710, Neoverse N2 and later): 32 MACs in one instruction.
enum I8MM: KernelArithmetics {
  static var instructionSet: InstructionSet { .i8mm }

  /// SMMLA multiplies two output channels with two pixels, eight input channels deep; ZIP1 and ZIP2 bring the weights of
  /// two steps into that order.
  enum Int8Dot: Int8Arithmetic {
    static var pixelFlip: Int8 { 0 }
    static var pixelsPerAccumulator: Int { 2 }
    static var pixelBytesPerLoad: Int { 8 }

    @inline(__always)
    static func zero() -> Pairs<SIMD4<Int32>> {
      Pairs(SIMD4(), SIMD4(), SIMD4(), SIMD4(), SIMD4(), SIMD4(), SIMD4(), SIMD4())
    }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int8> {
      csimd_join_8_bytes(first.loadUnaligned(as: Int64.self), second.loadUnaligned(as: Int64.self))
    }
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer) -> Pairs<SIMD16<Int8>> {
      let (a, b) = loadQuarter(weights)
      let (c, d) = loadQuarter(weights + 16)
      let (e, f) = loadQuarter(weights + 32)
      let (g, h) = loadQuarter(weights + 48)
      return Pairs(a, b, c, d, e, f, g, h)
    }
    /// Four output channels as two pairs of rows of eight input channels.
    @inline(__always)
    private static func loadQuarter(_ weights: UnsafeRawPointer) -> (SIMD16<Int8>, SIMD16<Int8>) {
      let first = weights.loadUnaligned(as: SIMD16<Int8>.self)
      let second = (weights + 64).loadUnaligned(as: SIMD16<Int8>.self)
      return (csimd_zip1_4_bytes(first, second), csimd_zip2_4_bytes(first, second))
    }
    @inline(__always)
    static func dot(
      _ sums: Pairs<SIMD4<Int32>>, _ x: SIMD16<Int8>, lane: Int, _ weights: Pairs<SIMD16<Int8>>
    ) -> Pairs<SIMD4<Int32>> {
      Pairs(
        csimd_smmla(sums.a, weights.a, x), csimd_smmla(sums.b, weights.b, x), csimd_smmla(sums.c, weights.c, x),
        csimd_smmla(sums.d, weights.d, x), csimd_smmla(sums.e, weights.e, x), csimd_smmla(sums.f, weights.f, x),
        csimd_smmla(sums.g, weights.g, x), csimd_smmla(sums.h, weights.h, x))
    }
    @inline(__always)
    static func sums(_ sums: Pairs<SIMD4<Int32>>, pixel: Int) -> SIMD16<Int32> {
      pixel == 0
        ? csimd_join_i32(
          csimd_uzp1(sums.a, sums.b), csimd_uzp1(sums.c, sums.d), csimd_uzp1(sums.e, sums.f),
          csimd_uzp1(sums.g, sums.h))
        : csimd_join_i32(
          csimd_uzp2(sums.a, sums.b), csimd_uzp2(sums.c, sums.d), csimd_uzp2(sums.e, sums.f),
          csimd_uzp2(sums.g, sums.h))
    }

    /// Two output channels each.
    struct Pairs<Vector: BitwiseCopyable>: BitwiseCopyable {
      var a, b, c, d, e, f, g, h: Vector

      @inline(__always)
      init(
        _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ e: Vector, _ f: Vector, _ g: Vector, _ h: Vector
      ) {
        (self.a, self.b, self.c, self.d, self.e, self.f, self.g, self.h) = (a, b, c, d, e, f, g, h)
      }
    }
  }

  typealias Int16Dot = NEONInt16Dot
  typealias FloatDot = NEONFloatDot
}

/// The kernels of this module.
@export(interface)
public func i8mmKernels() -> KernelTable {
  KernelTable(I8MM.self, int8: Tile<3, 1>(), int16: Tile<3, 1>(), float: Tile<6, 1>())
}
