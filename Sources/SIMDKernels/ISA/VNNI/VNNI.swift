import CSIMD
import SIMDKernels

/// AVX-512 with VNNI. Inner loops of the 6 pixels × 64 channels tile: 24 VPDPBUSD (or VPDPWSSD, VFMADD231PS), 4 loads
/// of weights and 6 broadcasts of pixels per step, no spill: 64 int8 MACs per VPDPBUSD, 1,536 in 38 instructions.
enum VNNI: InstructionSetKernels {
  static var instructionSet: InstructionSet { .vnni }

  enum Int8Dot: Int8DotProducts {
    static var storesFromRegisters: Bool { true }
    static var pixelFlip: Int8 { -128 }

    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int32> {
      SIMD16(repeating: first.loadUnaligned(as: Int32.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixels: SIMD16<Int32>, lane: Int, _ weights: SIMD64<Int8>) {
      sums = csimd_vpdpbusd(sums, pixels, weights)
    }
  }

  enum Int16Dot: DotProducts, RowPairProducts {
    typealias Sum = Int32
    static var storesFromRegisters: Bool { true }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int32> {
      SIMD16(repeating: first.loadUnaligned(as: Int32.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixels: SIMD16<Int32>, lane: Int, _ weights: SIMD32<Int16>) {
      sums = csimd_vpdpwssd(sums, pixels, weights)
    }
    @inline(__always)
    static func widened(_ pixels: SIMD16<Int8>) -> SIMD16<Int16> { csimd_widen_u8_swapping_middles(pixels) }
    @inline(__always)
    static func add(_ sums: inout SIMD16<Int32>, pair: UnsafeRawPointer, _ weights: SIMD32<Int16>) {
      sums = csimd_vpdpwssd_broadcast(sums, weights, pair.loadUnaligned(as: Int32.self))
    }
  }

  typealias Winograd = WinogradByRows<Int16Dot>

  enum FloatDot: DotProducts {
    typealias Sum = Float
    static var storesFromRegisters: Bool { true }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Float> {
      SIMD16(repeating: first.loadUnaligned(as: Float.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Float>, _ pixels: SIMD16<Float>, lane: Int, _ weights: SIMD16<Float>) {
      sums = csimd_fma_f32x16(pixels, weights, sums)
    }
  }
}

/// The kernels of this module.
@export(interface)
public func vnniKernels() -> KernelTable {
  // 7² pixels are seven tiles of 7 and nine of 6.
  KernelTable(
    VNNI.self,
    int8: IntegerKernels(
      VNNI.self, dense: DirectOrNarrowConvolution<VNNI.Int8Dot, 6, 4, 7, 2>.self,
      linear: DirectConvolution<VNNI.Int8Dot, 6, 4>.self,
      depthwise: DepthwiseByColumns<VNNI.Int8Columns, DepthwiseInt8<VNNI.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByDots<VNNI.Int8GroupDot>, VNNI.Int8Dot, 6>.self),
    int16: IntegerKernels(
      VNNI.self, dense: DirectConvolution<VNNI.Int16Dot, 6, 4>.self,
      linear: DirectConvolution<VNNI.Int16Dot, 6, 4>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt16<VNNI.Int16Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<VNNI.Int16Pairs>, VNNI.Int16Dot, 6>.self),
    float: FloatKernels(
      VNNI.self, direct: DirectOrNarrowConvolution<VNNI.FloatDot, 6, 4, 7, 2>.self, winograd: Tile<4, 4>(),
      grouped: GroupedConvolution<GroupsByLanes<GroupedFloat<VNNI.FloatDot, 1>>, VNNI.FloatDot, 6>.self))
}
