import CSIMD
import KernelsNEON
import SIMDKernels

/// ARMv8.6 with SMMLA (Cortex-A510, A710, Neoverse N2 and later): 32 MACs in one instruction.
enum I8MM: KernelArithmetics {
  static var instructionSet: InstructionSet { .i8mm }

  /// SMMLA multiplies two output channels with two pixels, eight input channels deep; ZIP1 and ZIP2 bring the weights of
  /// two steps into that order. A dot is four output channels.
  enum Int8Dot: Int8Arithmetic {
    static var pixelFlip: Int8 { 0 }
    static var pixelsPerAccumulator: Int { 2 }
    static var pixelBytesPerLoad: Int { 8 }
    static var dotsPerLoad: Int { 4 }

    @inline(__always)
    static func zero() -> Sums {
      let zero = ChannelPairs(first: SIMD4<Int32>(), second: SIMD4<Int32>())
      return Sums(a: zero, b: zero, c: zero, d: zero)
    }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int8> {
      csimd_join_8_bytes(first.loadUnaligned(as: SIMD8<Int8>.self), second.loadUnaligned(as: SIMD8<Int8>.self))
    }
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> ChannelPairs<SIMD16<Int8>> {
      let first = (weights + lane &* 16).loadUnaligned(as: SIMD16<Int8>.self)
      let second = (weights + (lane &* 16 &+ 64)).loadUnaligned(as: SIMD16<Int8>.self)
      return ChannelPairs(first: csimd_zip1_4_bytes(first, second), second: csimd_zip2_4_bytes(first, second))
    }
    @inline(__always)
    static func dot(_ sums: inout Sums, _ pixels: SIMD16<Int8>, lane: Int, _ weights: ChannelPairs<SIMD16<Int8>>) {
      switch lane {
      case 0: add(&sums.a, weights, pixels)
      case 1: add(&sums.b, weights, pixels)
      case 2: add(&sums.c, weights, pixels)
      default: add(&sums.d, weights, pixels)
      }
    }
    @inline(__always)
    private static func add(
      _ sums: inout ChannelPairs<SIMD4<Int32>>, _ w: ChannelPairs<SIMD16<Int8>>, _ x: SIMD16<Int8>
    ) {
      sums.first = csimd_smmla(sums.first, w.first, x)
      sums.second = csimd_smmla(sums.second, w.second, x)
    }
    @inline(__always)
    static func sums(_ sums: Sums, pixel: Int) -> SIMD16<Int32> {
      pixel == 0
        ? csimd_join_i32(
          csimd_uzp1(sums.a.first, sums.a.second), csimd_uzp1(sums.b.first, sums.b.second),
          csimd_uzp1(sums.c.first, sums.c.second), csimd_uzp1(sums.d.first, sums.d.second))
        : csimd_join_i32(
          csimd_uzp2(sums.a.first, sums.a.second), csimd_uzp2(sums.b.first, sums.b.second),
          csimd_uzp2(sums.c.first, sums.c.second), csimd_uzp2(sums.d.first, sums.d.second))
    }

    /// Two output channels each.
    struct ChannelPairs<Vector: BitwiseCopyable>: BitwiseCopyable {
      var first, second: Vector
    }

    /// 16 output channels × two pixels: [channel][pixel].
    struct Sums: BitwiseCopyable {
      var a, b, c, d: ChannelPairs<SIMD4<Int32>>
    }
  }

  typealias Int16Dot = NEONInt16Dot
  typealias TransformedDot = NEONTransformedDot
  typealias FloatDot = NEONFloatDot
}

/// The kernels of this module.
@export(interface)
public func i8mmKernels() -> KernelTable {
  KernelTable(I8MM.self, int8: Tile<3, 1>(), int16: Tile<3, 1>(), transformed: Tile<4, 1>(), float: Tile<6, 1>())
}
