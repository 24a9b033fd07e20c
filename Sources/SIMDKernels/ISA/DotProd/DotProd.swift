import CSIMD
import KernelsNEON
import SIMDKernels

/// ARMv8.2 with SDOT (Cortex-A55, A75 and later): 16 MACs in one instruction.
enum DotProd: InstructionSetKernels {
  static var instructionSet: InstructionSet { .dotprod }

  /// SDOT by lane: one load of 16 bytes of a pixel serves four steps. A dot is four output channels of one of them.
  enum Int8Dot: Int8DotProducts {
    static var pixelFlip: Int8 { 0 }
    static var pixelBytesPerLoad: Int { 16 }
    static var dotsPerLoad: Int { 16 }

    @inline(__always)
    static func zero() -> SDOTSums { SDOTSums() }
    @inline(__always)
    static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int8> {
      first.loadUnaligned(as: SIMD16<Int8>.self)
    }
    @inline(__always)
    static func dot(_ sums: inout SDOTSums, _ pixels: SIMD16<Int8>, lane: Int, _ weights: SIMD16<Int8>) {
      switch lane % 4 {
      case 0: SDOTSums.add(&sums.a, weights, pixels, step: lane / 4)
      case 1: SDOTSums.add(&sums.b, weights, pixels, step: lane / 4)
      case 2: SDOTSums.add(&sums.c, weights, pixels, step: lane / 4)
      default: SDOTSums.add(&sums.d, weights, pixels, step: lane / 4)
      }
    }
    @inline(__always)
    static func sums(_ sums: SDOTSums, pixel: Int) -> SIMD16<Int32> { sums.total }
  }

  enum LinearDot: SDOTByStep {}
  enum Int8GroupDot: SDOTGroups {}
  enum Int8Columns: SDOTColumns {}

  typealias Winograd = WinogradByPoints<Int8Dot, NEONTransformedDot, 4, 4, 4>
  typealias FloatDot = NEONFloatDot
}

/// A place is one pixel: per two steps of four input channels one load of a tile's pixels, two of weights.
extension DotProd.Int8Dot: EightByteSteps {
  static var stepOrder: PackedOrder { .fours }

  @inline(__always)
  static func accumulator(startingAt bias: UnsafePointer<Int32>) -> SDOTSums { SDOTSums(startingAt: bias) }
  @inline(__always)
  static func multiplyStep<let places: Int>(
    _ sums: inout InlineArray<places, SDOTSums>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer
  ) {
    let x: csimd_3_i8x16
    if places <= 2 {
      // Two registers, because such a load can move its address.
      let two = csimd_load_2_i8x16(pixels)
      x = csimd_3_i8x16(a: two.a, b: two.a, c: two.a)
    } else {
      x = csimd_load_3_i8x16(pixels)
    }
    add(&sums, x, step: 0, &weights)
    add(&sums, x, step: 1, &weights)
    pixels += stepStride
    for place in 0..<places { pixels = sums[unchecked: place].after(pixels) }
  }
  @inline(__always)
  private static func add<let places: Int>(
    _ sums: inout InlineArray<places, SDOTSums>, _ x: csimd_3_i8x16, step: Int, _ weights: inout UnsafeRawPointer
  ) {
    let w = csimd_load_4_i8x16(weights)
    for place in 0..<places {
      sums[unchecked: place].add(w, place < 2 ? x.a : place < 4 ? x.b : x.c, step: place % 2 &* 2 &+ step)
    }
    weights += 64
    for place in 0..<places { weights = sums[unchecked: place].after(weights) }
  }
  /// It reads the order of fours as it is.
  @inline(__always)
  static func reorder(_ weights: inout UnsafeRawPointer, to output: inout UnsafeMutableRawPointer) {}
}

/// The kernels of this module.
@export(interface)
public func dotprodKernels() -> KernelTable {
  KernelTable(
    DotProd.self,
    int8: IntegerKernels(
      DotProd.self, dense: InterleavedInt8Convolution<DotProd.Int8Dot, 0, 6>.self,
      linear: DirectConvolution<DotProd.LinearDot, 1, 1>.self,
      depthwise: DepthwiseByColumns<DotProd.Int8Columns, DepthwiseInt8<DotProd.Int8Dot>>.self,
      grouped: GroupedConvolution<GroupsByDots<DotProd.Int8GroupDot>, DotProd.Int8Dot, 6>.self),
    others: neonKernels())
}
