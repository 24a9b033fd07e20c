import CSIMD

/// Dot products of int8 pixels and weights.
public protocol Int8DotProducts: DotProducts where Sum == Int32 {
  /// The number that stored activation bytes are XORed with: 0, or 0x80 where the instruction wants unsigned pixels. The sums then
  /// come out 128·Σw too high, which the bias takes back.
  static var pixelFlip: Int8 { get }
}

extension Int8DotProducts {
  @inlinable @inline(__always)
  public static var values: StoredValues { .int8 }

  /// The pixels as numbers from −128 to 127, or from 0 to 255 where they are flipped.
  @inlinable @inline(__always)
  static func widened(_ pixels: SIMD16<Int8>) -> SIMD16<Int16> {
    pixelFlip == 0 ? csimd_widen_i8_to_i16(pixels) : csimd_widen_u8_to_i16(pixels)
  }
}
