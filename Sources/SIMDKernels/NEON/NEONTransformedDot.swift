import CSIMD
import SIMDKernels

/// int16 by SMLAL and SMLAL2 by element: four MACs in one instruction. A load is 16 input channels of a tile; a dot, eight
/// output channels of one of them.
public enum NEONTransformedDot: TransformedArithmetic {
  public typealias Sum = Int32

  @inlinable @inline(__always)
  public static var pixelBytesPerLoad: Int { 32 }
  @inlinable @inline(__always)
  public static var dotsPerLoad: Int { 32 }

  @inlinable @inline(__always)
  public static var interleavesChannels: Bool { false }

  @inlinable @inline(__always)
  public static func zero() -> SumsByElement { SumsByElement() }
  @inlinable @inline(__always)
  public static func loadPixels(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) -> Channels {
    Channels(first.loadUnaligned(as: SIMD8<Int16>.self), (first + 16).loadUnaligned(as: SIMD8<Int16>.self))
  }
  @inlinable @inline(__always)
  public static func dot(_ sums: inout SumsByElement, _ pixels: Channels, lane: Int, _ weights: SIMD8<Int16>) {
    sums.add(half: lane % 2, weights, lane < 16 ? pixels.low : pixels.high, channel: lane / 2 % 8)
  }
  @inlinable @inline(__always)
  public static func sums(_ sums: SumsByElement, pixel: Int) -> SIMD16<Int32> { sums.total }

  /// Eight input channels each.
  public struct Channels: BitwiseCopyable {
    @usableFromInline let low, high: SIMD8<Int16>

    @inlinable @inline(__always)
    init(_ low: SIMD8<Int16>, _ high: SIMD8<Int16>) { (self.low, self.high) = (low, high) }
  }
}
