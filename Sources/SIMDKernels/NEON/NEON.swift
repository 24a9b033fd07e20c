import CSIMD
import SIMDKernels

/// ARMv8.0 Advanced SIMD, which every 64-bit ARM has: no instruction sums four products of bytes.
enum NEON: KernelArithmetics {
  static var instructionSet: InstructionSet { .neon }

  /// Two steps (eight input channels) at once: SMULL and SMLAL leave w₀x₀ + w₁x₁ in 16 bits, SADALP adds neighbours to the
  /// 32-bit sums: 32 MACs in six instructions.
  enum Int8Dot: Int8Arithmetic {
    static var pixelFlip: Int8 { 0 }
    static var pixelBytesPerLoad: Int { 8 }

    @inline(__always) static func zero() -> PartialSums { PartialSums() }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> StepPair {
      StepPair(
        csimd_repeat_4_bytes_128(first.loadUnaligned(as: Int32.self)),
        csimd_repeat_4_bytes_128((first + 4).loadUnaligned(as: Int32.self)))
    }
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer) -> WeightQuarters {
      WeightQuarters(
        loadPair(weights), loadPair(weights + 16), loadPair(weights + 32), loadPair(weights + 48))
    }
    /// The same four output channels of two steps.
    @inline(__always)
    private static func loadPair(_ weights: UnsafeRawPointer) -> StepPair {
      StepPair(
        weights.loadUnaligned(as: SIMD16<Int8>.self), (weights + 64).loadUnaligned(as: SIMD16<Int8>.self))
    }
    @inline(__always)
    static func dot(_ sums: PartialSums, _ pixels: StepPair, lane: Int, _ weights: WeightQuarters) -> PartialSums {
      PartialSums(
        add(sums.a, weights.a, pixels), add(sums.b, weights.b, pixels), add(sums.c, weights.c, pixels),
        add(sums.d, weights.d, pixels))
    }
    // |weight| ≤ 127, so a sum of two products is at most 32,512 and fits 16 bits.
    @inline(__always)
    private static func add(_ sums: PartialSums.Quarter, _ w: StepPair, _ x: StepPair) -> PartialSums.Quarter {
      PartialSums.Quarter(
        low: csimd_sadalp(sums.low, csimd_smlal(csimd_smull(w.first, x.first), w.second, x.second)),
        high: csimd_sadalp(sums.high, csimd_smlal2(csimd_smull2(w.first, x.first), w.second, x.second)))
    }
    @inline(__always)
    static func sums(_ accumulator: PartialSums, pixel: Int) -> SIMD16<Int32> { accumulator.total }

    /// Bytes of two neighbouring steps.
    struct StepPair: BitwiseCopyable {
      var first, second: SIMD16<Int8>

      @inline(__always)
      init(_ first: SIMD16<Int8>, _ second: SIMD16<Int8>) { (self.first, self.second) = (first, second) }
    }

    /// Four output channels each.
    struct WeightQuarters: BitwiseCopyable {
      var a, b, c, d: StepPair

      @inline(__always)
      init(_ a: StepPair, _ b: StepPair, _ c: StepPair, _ d: StepPair) {
        (self.a, self.b, self.c, self.d) = (a, b, c, d)
      }
    }
  }

  typealias Int16Dot = NEONInt16Dot
  typealias FloatDot = NEONFloatDot
}

/// The kernels of this module.
@export(interface)
public func neonKernels() -> KernelTable {
  KernelTable(NEON.self, int8: Tile<2, 1>(), int16: Tile<3, 1>(), float: Tile<6, 1>())
}
