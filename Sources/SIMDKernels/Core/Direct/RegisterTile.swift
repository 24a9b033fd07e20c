/// A register tile as a type: `groups` accumulators of pixels × `vectors` blocks of 16 output channels.
public struct Tile<let groups: Int, let vectors: Int> {
  @inlinable @inline(__always)
  public init() {}
}

/// The windows of an accumulator's pixels; `second` is used where it holds two.
@usableFromInline
struct WindowPair: BitwiseCopyable {
  @usableFromInline var first: UnsafeRawPointer
  @usableFromInline var second: UnsafeRawPointer

  @inlinable @inline(__always)
  init(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) {
    self.first = first
    self.second = second
  }
}

/// The sums of an accumulator's pixels; `second` is used where it holds two.
@usableFromInline
struct SumPair<Sum: SIMDScalar> {
  @usableFromInline var first: SIMD16<Sum>
  @usableFromInline var second: SIMD16<Sum>

  @inlinable @inline(__always)
  init(_ first: SIMD16<Sum>, _ second: SIMD16<Sum>) {
    self.first = first
    self.second = second
  }
}
