import CSIMD

/// Turns a picture into what the first convolution reads: for each pixel four values of int16, `factor · pixel − offset` of
/// its three channels and 0.
public struct PicturePass: @unchecked Sendable {
  /// RGB [row][column][3].
  public var pixels: UnsafePointer<UInt8>
  public var width: Int
  /// Whether the network wants blue first.
  public var isBlueFirst: Bool
  public var factor: Int16
  /// Of the network's channels; the fourth is 0.
  public var offsets: SIMD4<Int16>
  /// Pixels of eight bytes.
  public var output: OutputPlane

  @inlinable
  public init(
    pixels: UnsafePointer<UInt8>, width: Int, isBlueFirst: Bool, factor: Int16, offsets: SIMD4<Int16>,
    output: OutputPlane
  ) {
    self.pixels = pixels
    self.width = width
    self.isBlueFirst = isBlueFirst
    self.factor = factor
    self.offsets = offsets
    self.output = output
  }
}

@inlinable @inline(__always)
func fillQuads<ISA: InstructionSetKernels>(_: ISA.Type, _ pass: PicturePass, rows: Range<Int>) {
  let factors = SIMD16<Int16>(repeating: pass.factor)
  let pair = SIMD8(lowHalf: pass.offsets, highHalf: pass.offsets)
  let offsets = SIMD16(lowHalf: pair, highHalf: pair)
  let (first, third) = pass.isBlueFirst ? (2, 0) : (0, 2)
  for row in rows {
    var source = pass.pixels + row &* pass.width &* 3
    var target = pass.output.pixel(row: row, column: 0)
    var rest = pass.width
    // 16 bytes are loaded of four pixels, so that two more must be there.
    while rest >= 6 {
      let bytes = UnsafeRawPointer(source).loadUnaligned(as: SIMD16<Int8>.self)
      let quads = pass.isBlueFirst ? csimd_quads_of_reversed_threes(bytes) : csimd_quads_of_threes(bytes)
      let values = csimd_widen_u8_to_i16(quads) &* factors &- offsets
      target.storeBytes(of: values, as: SIMD16<Int16>.self)
      source += 12
      target += 32
      rest &-= 4
    }
    while rest > 0 {
      let pixel = SIMD4<Int16>(Int16(source[first]), Int16(source[1]), Int16(source[third]), 0)
      target.storeBytes(
        of: pixel &* SIMD4(repeating: pass.factor) &- pass.offsets, as: SIMD4<Int16>.self)
      source += 3
      target += 8
      rest &-= 1
    }
  }
}
