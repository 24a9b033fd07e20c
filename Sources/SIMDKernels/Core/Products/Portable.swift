import CSIMD

/// Any machine: widening multiplications that the compiler lowers to whatever the architecture's baseline has.
enum Portable: InstructionSetKernels {
  static var instructionSet: InstructionSet { .portable }

  enum Int8Dot: Int8DotProducts {
    static var pixelFlip: Int8 { 0 }

    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD64<Int16> {
      csimd_widen_i8x64(csimd_repeat_4_bytes(first.loadUnaligned(as: Int32.self)))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixels: SIMD64<Int16>, lane: Int, _ weights: SIMD64<Int8>) {
      // |weight| ≤ 127, so a sum of two products is at most 32,512 and fits.
      let products = pixels &* csimd_widen_i8x64(weights)
      let pairs = csimd_widen_i16x32(csimd_even_i16(products) &+ csimd_odd_i16(products))
      sums = sums &+ csimd_even_i32(pairs) &+ csimd_odd_i32(pairs)
    }
  }

  enum Int16Dot: DotProducts, TransformedProducts {
    typealias Sum = Int32
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD32<Int32> {
      csimd_widen_i16x32(csimd_repeat_2_shorts(first.loadUnaligned(as: Int32.self)))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Int32>, _ pixels: SIMD32<Int32>, lane: Int, _ weights: SIMD32<Int16>) {
      let products = pixels &* csimd_widen_i16x32(weights)
      sums = sums &+ csimd_even_i32(products) &+ csimd_odd_i32(products)
    }
  }

  typealias Winograd = WinogradByPoints<Int8Dot, Int16Dot, 1, 1, 1>

  enum FloatDot: DotProducts {
    typealias Sum = Float
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Float> {
      SIMD16(repeating: first.loadUnaligned(as: Float.self))
    }
    @inline(__always)
    static func dot(_ sums: inout SIMD16<Float>, _ pixels: SIMD16<Float>, lane: Int, _ weights: SIMD16<Float>) {
      sums = sums + pixels * weights
    }
  }
}

/// The kernels that run on any machine of the architecture.
@export(interface)
public func portableKernels() -> KernelTable {
  KernelTable(
    Portable.self,
    int8: IntegerKernels(
      Portable.self, dense: WidenedConvolution<Portable.Int8Dot, Portable.Int16Dot, 1, 1, 1>.self,
      linear: DirectConvolution<Portable.Int8Dot, 1, 1>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt8<Portable.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<DepthwiseInt8<Portable.Int8Dot>>, Portable.Int8Dot, 1>.self),
    int16: IntegerKernels(
      Portable.self, dense: DirectConvolution<Portable.Int16Dot, 1, 1>.self,
      linear: DirectConvolution<Portable.Int16Dot, 1, 1>.self,
      depthwise: DepthwiseByPositions<DepthwiseInt16<Portable.Int16Dot>>.self,
      grouped: GroupedConvolution<GroupsByLanes<DepthwiseInt16<Portable.Int16Dot>>, Portable.Int16Dot, 1>.self),
    float: FloatKernels(
      Portable.self, direct: DirectConvolution<Portable.FloatDot, 2, 1>.self, winograd: Tile<4, 1>(),
      grouped: GroupedConvolution<GroupsByLanes<GroupedFloat<Portable.FloatDot, 0>>, Portable.FloatDot, 2>.self))
}
