import CSIMD
import SIMDKernels

/// SDOT by lane, four weight registers at a time: for one pixel alone, whose sums leave room for them. A dot is 16
/// output channels of one step.
public protocol SDOTByStep: Int8DotProducts
where Accumulator == SDOTSums, PixelVector == SIMD16<Int8>, WeightVector == csimd_4_i8x16 {}

extension SDOTByStep {
  @inlinable @inline(__always)
  public static var pixelFlip: Int8 { 0 }
  @inlinable @inline(__always)
  public static var pixelBytesPerLoad: Int { 16 }
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 4 }
  @inlinable @inline(__always)
  public static func zero() -> SDOTSums { SDOTSums() }
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> SIMD16<Int8> {
    first.loadUnaligned(as: SIMD16<Int8>.self)
  }
  @inlinable @inline(__always)
  public static func loadWeights(_ weights: UnsafeRawPointer, lane: Int) -> csimd_4_i8x16 {
    csimd_load_4_i8x16(weights + lane &* 64)
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout SDOTSums, _ pixels: SIMD16<Int8>, lane: Int, _ weights: csimd_4_i8x16) {
    sums.add(weights, pixels, step: lane)
  }
  @inlinable @inline(__always)
  public static func sums(_ sums: SDOTSums, pixel: Int) -> SIMD16<Int32> { sums.total }
}

/// Sums of 16 output channels of one pixel, in channel order: four registers.
public struct SDOTSums: BitwiseCopyable {
  public var a, b, c, d: SIMD4<Int32>

  @inlinable @inline(__always)
  public init() { (a, b, c, d) = (SIMD4(), SIMD4(), SIMD4(), SIMD4()) }

  @inlinable @inline(__always)
  public init(startingAt bias: UnsafePointer<Int32>) {
    let bias = UnsafeRawPointer(bias).loadUnaligned(as: SIMD16<Int32>.self)
    (a, b, c, d) = (bias.lowHalf.lowHalf, bias.lowHalf.highHalf, bias.highHalf.lowHalf, bias.highHalf.highHalf)
  }

  @inlinable @inline(__always)
  public var total: SIMD16<Int32> { csimd_join_i32(a, b, c, d) }

  /// Adds one step's products: `weights` with the `step`-th four bytes of the pixel.
  @inlinable @inline(__always)
  public mutating func add(_ weights: csimd_4_i8x16, _ pixel: SIMD16<Int8>, step: Int) {
    SDOTSums.add(&a, weights.a, pixel, step: step)
    SDOTSums.add(&b, weights.b, pixel, step: step)
    SDOTSums.add(&c, weights.c, pixel, step: step)
    SDOTSums.add(&d, weights.d, pixel, step: step)
  }

  @inlinable @inline(__always)
  public static func add(
    _ sums: inout SIMD4<Int32>, _ weights: SIMD16<Int8>, _ pixels: SIMD16<Int8>, step: Int
  ) {
    switch step {
    case 0: sums = csimd_sdot_lane_0(sums, weights, pixels)
    case 1: sums = csimd_sdot_lane_1(sums, weights, pixels)
    case 2: sums = csimd_sdot_lane_2(sums, weights, pixels)
    default: sums = csimd_sdot_lane_3(sums, weights, pixels)
    }
  }

  /// The address, to be loaded from after the sums are computed (`csimd_address_after`).
  @inlinable @inline(__always)
  public func after(_ address: UnsafeRawPointer) -> UnsafeRawPointer {
    csimd_address_after(address, a, b, c, d)
  }
}
