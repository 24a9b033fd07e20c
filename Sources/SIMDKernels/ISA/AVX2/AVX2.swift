import CSIMD
import SIMDKernels

/// AVX2 and FMA. An accumulator of 16 channels is two registers (float) or, for int8, four: VPMADDWD leaves two partial
/// sums per channel, which are added when the loop is over.
enum AVX2: InstructionSetKernels {
  static var instructionSet: InstructionSet { .avx2 }

  enum Int8Dot: Int8DotProducts {
    /// Two partial sums for each of four channels, four times.
    typealias Sums = Quad<SIMD8<Int32>>
    static var storesFromRegisters: Bool { true }
    static var pixelFlip: Int8 { 0 }

    @inline(__always) static func zero() -> Sums { Quad(SIMD8(), SIMD8(), SIMD8(), SIMD8()) }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int16> {
      csimd_repeat_4_bytes_i16(first.loadUnaligned(as: Int32.self))
    }
    typealias WeightVector = SIMD64<Int8>
    @inline(__always)
    static func dot(_ sums: inout Sums, _ pixels: SIMD16<Int16>, lane: Int, _ weights: SIMD64<Int8>) {
      sums = Quad(
        sums.a &+ csimd_vpmaddwd(pixels, csimd_vpmovsxbw(csimd_quarter_0(weights))),
        sums.b &+ csimd_vpmaddwd(pixels, csimd_vpmovsxbw(csimd_quarter_1(weights))),
        sums.c &+ csimd_vpmaddwd(pixels, csimd_vpmovsxbw(csimd_quarter_2(weights))),
        sums.d &+ csimd_vpmaddwd(pixels, csimd_vpmovsxbw(csimd_quarter_3(weights))))
    }
    @inline(__always) static func sums(_ accumulator: Sums, pixel: Int) -> SIMD16<Int32> {
      SIMD16(
        lowHalf: csimd_add_pairs(accumulator.a, accumulator.b), highHalf: csimd_add_pairs(accumulator.c, accumulator.d))
    }
  }

  enum Int16Dot: DotProducts, TransformedProducts {
    typealias Sum = Int32
    static var storesFromRegisters: Bool { true }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int16> {
      csimd_repeat_2_shorts_256(first.loadUnaligned(as: Int32.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixels: SIMD16<Int16>, lane: Int, _ weights: SIMD32<Int16>) {
      sums =
        sums
        &+ SIMD16(
          lowHalf: csimd_vpmaddwd(pixels, weights.lowHalf), highHalf: csimd_vpmaddwd(pixels, weights.highHalf))
    }
  }

  enum Int8Pairs: AVX2Groups {
    static var values: StoredValues { .int8 }
  }
  enum Int16Pairs: AVX2Groups {
    static var values: StoredValues { .int16 }
  }

  typealias Winograd = WinogradByPoints<Int8Dot, Int16Dot, 6, 5, 4>

  enum FloatDot: AVX2FloatDot {
    static var storesFromRegisters: Bool { true }
  }
}

/// The kernels of this module.
@export(interface)
public func avx2Kernels() -> KernelTable {
  KernelTable(
    AVX2.self,
    int8: IntegerKernels(
      AVX2.self, dense: WidenedConvolution<AVX2.Int8Dot, AVX2.Int16Dot, 2, 1, 6>.self,
      linear: DirectConvolution<AVX2.Int8Dot, 1, 4>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt8<AVX2.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<AVX2.Int8Pairs>, AVX2.Int8Dot, 2>.self),
    int16: IntegerKernels(
      AVX2.self, dense: DirectConvolution<AVX2.Int16Dot, 6, 1>.self,
      linear: DirectConvolution<AVX2.Int16Dot, 1, 4>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt16<AVX2.Int16Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<AVX2.Int16Pairs>, AVX2.Int16Dot, 6>.self),
    float: FloatKernels(
      AVX2.self, direct: DirectConvolution<AVX2.FloatDot, 6, 1>.self, winograd: Tile<4, 1>(),
      grouped: GroupedConvolution<GroupsByLanes<GroupedFloat<AVX2.FloatDot, 0>>, AVX2.FloatDot, 6>.self))
}
