import CSIMD
import SIMDKernels

/// ARMv8.0 Advanced SIMD, which every 64-bit ARM has: no instruction sums four products of bytes.
enum NEON: InstructionSetKernels {
  static var instructionSet: InstructionSet { .neon }

  /// Two steps (eight input channels) at once: SMULL and SMLAL leave w₀x₀ + w₁x₁ in 16 bits, SADALP adds neighbours to
  /// the 32-bit sums: 32 MACs in six instructions. A load is four steps of a pixel; a dot, four output channels of two
  /// of them.
  enum Int8Dot: Int8DotProducts {
    static var pixelFlip: Int8 { 0 }
    static var pixelBytesPerLoad: Int { 16 }
    static var dotsPerLoad: Int { 8 }

    @inline(__always) static func zero() -> PartialSums { PartialSums() }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int8> {
      first.loadUnaligned(as: SIMD16<Int8>.self)
    }
    @inline(__always)
    static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> StepPair {
      let first = weights + (lane / 4 &* 128 &+ lane % 4 &* 16)
      return StepPair(first.loadUnaligned(as: SIMD16<Int8>.self), (first + 64).loadUnaligned(as: SIMD16<Int8>.self))
    }
    @inline(__always)
    static func dot(_ sums: inout PartialSums, _ pixels: SIMD16<Int8>, lane: Int, _ weights: StepPair) {
      let x =
        lane < 4
        ? StepPair(csimd_dup_0(pixels), csimd_dup_1(pixels)) : StepPair(csimd_dup_2(pixels), csimd_dup_3(pixels))
      switch lane % 4 {
      case 0: add(&sums.a, weights, x)
      case 1: add(&sums.b, weights, x)
      case 2: add(&sums.c, weights, x)
      default: add(&sums.d, weights, x)
      }
    }
    // |weight| ≤ 127, so a sum of two products is at most 32,512 and fits 16 bits.
    @inline(__always)
    private static func add(_ sums: inout PartialSums.Quarter, _ w: StepPair, _ x: StepPair) {
      sums.low = csimd_sadalp(sums.low, csimd_smlal(csimd_smull(w.first, x.first), w.second, x.second))
      sums.high = csimd_sadalp(sums.high, csimd_smlal2(csimd_smull2(w.first, x.first), w.second, x.second))
    }
    @inline(__always)
    static func sums(_ accumulator: PartialSums, pixel: Int) -> SIMD16<Int32> { accumulator.total }

    /// The bytes of two neighbouring steps.
    struct StepPair: BitwiseCopyable {
      var first, second: SIMD16<Int8>

      @inline(__always)
      init(_ first: SIMD16<Int8>, _ second: SIMD16<Int8>) { (self.first, self.second) = (first, second) }
    }
  }

  typealias Winograd = WinogradByPoints<Int8Dot, NEONTransformedDot, 4, 4, 4>
  typealias FloatDot = NEONFloatDot
}

/// The kernels of this module.
@export(interface)
public func neonKernels() -> KernelTable {
  KernelTable(
    NEON.self,
    int8: IntegerKernels(
      NEON.self, dense: DirectConvolution<NEON.Int8Dot, 2, 1>.self,
      linear: DirectConvolution<NEON.Int8Dot, 1, 1>.self,
      depthwise: DepthwiseByColumns<NEON.Int8Columns, DepthwiseInt8<NEON.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<NEONGroups>, NEON.Int8Dot, 2>.self),
    int16: IntegerKernels(
      NEON.self, dense: InterleavedInt16Convolution<NEONInt16Dot, 7, 5>.self,
      linear: DirectConvolution<NEONInt16Dot, 1, 1>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt16<NEONInt16Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<DepthwiseInt16<NEONInt16Dot>>, NEONInt16Dot, 5>.self),
    float: FloatKernels(
      NEON.self, direct: DirectConvolution<NEONFloatDot, 6, 1>.self, winograd: Tile<4, 1>(),
      grouped: GroupedConvolution<GroupsByLanes<GroupedFloat<NEONFloatDot, 0>>, NEONFloatDot, 6>.self))
}
