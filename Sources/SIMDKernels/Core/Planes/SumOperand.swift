/// An operand of an addition, and the way it is read.
public struct SumOperand: @unchecked Sendable {
  public var plane: InputPlane
  /// Pixel (row, column) of the sum reads pixel (row · stride ≫ shift, column · stride ≫ shift): every `stride`-th one,
  /// or with a shift of 1 each one twice.
  public var stride: Int
  public var shift: Int
  /// The zero points [channel] of an operand of bytes; nil for one of int16 or float.
  public var zero: UnsafePointer<Int8>?

  @inlinable
  public init(plane: InputPlane, stride: Int = 1, shift: Int = 0, zero: UnsafePointer<Int8>? = nil) {
    self.plane = plane
    self.stride = stride
    self.shift = shift
    self.zero = zero
  }

  @inlinable @inline(__always)
  func zero(block: Int) -> UnsafePointer<Int8>? { zero.map { $0 + block &* 16 } }

  @inlinable @inline(__always)
  func pixels(row: Int, block: Int) -> SumPixels {
    pixels(row: row, blockOffset: block &* (zero == nil ? 32 : 16))
  }

  @inlinable @inline(__always)
  func pixels(row: Int, blockOffset: Int) -> SumPixels {
    SumPixels(
      place: plane.pixel(row: (row &* stride) >> shift, column: 0) + blockOffset,
      step: stride &* plane.pixelBytes, readsTwice: shift > 0)
  }
}

/// A cursor over the pixels of an operand's row.
@usableFromInline
struct SumPixels {
  @usableFromInline var place: UnsafeRawPointer
  @usableFromInline var step: Int
  /// The step is XORed with it after each pixel: where each pixel is read twice, every other step is 0.
  @usableFromInline let toggle: Int

  @inlinable @inline(__always)
  init(place: UnsafeRawPointer, step: Int, readsTwice: Bool) {
    self.place = place
    self.step = readsTwice ? 0 : step
    toggle = readsTwice ? step : 0
  }

  /// Goes on to the next pixel of the row.
  @inlinable @inline(__always)
  mutating func advance<let base: Int, let activation: Int, let form: Int>(_: SumLoop<base, activation, form>) {
    place = moved(place, by: step)
    if form > 0 { step ^= toggle }
  }
}
