import CSIMD
import KernelsAVX2
import SIMDKernels

/// The products of 256-bit VNNI without AVX-512 (Alder Lake, Sierra Forest): an accumulator of 16 channels is two
/// registers.
enum AVXVNNI: InstructionSetKernels {
  static var instructionSet: InstructionSet { .avxvnni }

  enum Int8Dot: Int8DotProducts {
    static var pixelFlip: Int8 { -128 }

    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Int32> {
      SIMD8(repeating: first.loadUnaligned(as: Int32.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixels: SIMD8<Int32>, lane: Int, _ weights: SIMD64<Int8>) {
      sums = SIMD16(
        lowHalf: csimd_vpdpbusd_256(sums.lowHalf, pixels, csimd_half_0(weights)),
        highHalf: csimd_vpdpbusd_256(sums.highHalf, pixels, csimd_half_1(weights)))
    }
  }

  enum Int16Dot: DotProducts, TransformedProducts {
    typealias Sum = Int32
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD8<Int32> {
      SIMD8(repeating: first.loadUnaligned(as: Int32.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixels: SIMD8<Int32>, lane: Int, _ weights: SIMD32<Int16>) {
      sums = SIMD16(
        lowHalf: csimd_vpdpwssd_256(sums.lowHalf, pixels, weights.lowHalf),
        highHalf: csimd_vpdpwssd_256(sums.highHalf, pixels, weights.highHalf))
    }
  }

  enum Int16Pairs: AVX2Groups {
    static var values: StoredValues { .int16 }
  }

  typealias Winograd = WinogradByPoints<Int8Dot, Int16Dot, 6, 5, 4>

  enum FloatDot: AVX2FloatDot {}
}

/// The kernels of this module.
@export(interface)
public func avxvnniKernels() -> KernelTable {
  KernelTable(
    AVXVNNI.self,
    int8: IntegerKernels(
      AVXVNNI.self, dense: DirectConvolution<AVXVNNI.Int8Dot, 6, 1>.self,
      linear: DirectConvolution<AVXVNNI.Int8Dot, 6, 1>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt8<AVXVNNI.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByDots<AVXVNNI.Int8GroupDot>, AVXVNNI.Int8Dot, 6>.self),
    int16: IntegerKernels(
      AVXVNNI.self, dense: DirectConvolution<AVXVNNI.Int16Dot, 6, 1>.self,
      linear: DirectConvolution<AVXVNNI.Int16Dot, 6, 1>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt16<AVXVNNI.Int16Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<AVXVNNI.Int16Pairs>, AVXVNNI.Int16Dot, 6>.self),
    float: FloatKernels(
      AVXVNNI.self, direct: DirectConvolution<AVXVNNI.FloatDot, 6, 1>.self, winograd: Tile<4, 1>(),
      grouped: GroupedConvolution<GroupsByLanes<GroupedFloat<AVXVNNI.FloatDot, 0>>, AVXVNNI.FloatDot, 6>.self))
}
