import CSIMD

/// Brings a plane to another form: `q' = clamp(roundToNearestEven(Float(q) · scale + offset))`, or as floats the sum
/// itself, with a scale and an offset for each channel. Two roundings, not fused. The offset holds both zero points.
public struct Conversion: @unchecked Sendable {
  public var input: InputPlane
  public var width: Int
  /// The number of channels: a multiple of 16.
  public var channels: Int
  public var scale: UnsafePointer<Float>
  public var offset: UnsafePointer<Float>
  public var output: OutputPlane

  @inlinable
  public init(
    input: InputPlane, width: Int, channels: Int, scale: UnsafePointer<Float>, offset: UnsafePointer<Float>,
    output: OutputPlane
  ) {
    self.input = input
    self.width = width
    self.channels = channels
    self.scale = scale
    self.offset = offset
    self.output = output
  }
}

/// Calls `store` with `Float(q) · scale + offset` of every 16 channels in `rows` and their place in the output, whose
/// values of 16 channels have `blockBytes`. Channels come first, so that their numbers stay in registers while a row's
/// pixels pass.
@inlinable @inline(__always)
func forEachConverted<Source: ConvertibleIntegers, Constants>(
  _: Source.Type, _ pass: Conversion, rows: Range<Int>, blockBytes: Int, _ constants: (_ block: Int) -> Constants,
  _ store: (SIMD16<Float>, Constants, UnsafeMutableRawPointer) -> Void
) {
  for row in rows {
    for block in 0..<pass.channels / 16 {
      let (scale, offset) = (load(pass.scale + block &* 16), load(pass.offset + block &* 16))
      let constants = constants(block)
      var place = pass.input.pixel(row: row, column: 0) + block &* Source.blockBytes
      var target = pass.output.pixel(row: row, column: 0) + block &* blockBytes
      for _ in 0..<pass.width {
        store(Source.floats(place) * scale + offset, constants, target)
        place = moved(place, by: pass.input.pixelBytes)
        target = moved(target, by: pass.output.pixelBytes)
      }
    }
  }
}

/// - Parameters:
///   - limits: the limits [channel]; nil where only the range of int8 limits.
///   - flip: the number that the bytes are XORed with.
@inlinable @inline(__always)
func convertToInt8<Source: ConvertibleIntegers>(
  _: Source.Type, _ pass: Conversion, _ limits: IntegerLimits?, flip: Int8, rows: Range<Int>
) {
  guard let limits else {
    return forEachConverted(Source.self, pass, rows: rows, blockBytes: 16, { _ in () }) { value, _, target in
      target.storeBytes(of: roundedToInt8(value) ^ SIMD16(repeating: flip), as: SIMD16<Int8>.self)
    }
  }
  forEachConverted(Source.self, pass, rows: rows, blockBytes: 16, limits.block) { value, limits, target in
    let limited = csimd_limit_i16(roundedToInt16(value), limits.lowest, limits.highest)
    target.storeBytes(of: csimd_narrow_i16_to_i8(limited) ^ SIMD16(repeating: flip), as: SIMD16<Int8>.self)
  }
}

/// - Parameter range: the range that the result is clamped to before the limits.
@inlinable @inline(__always)
func convertToInt16<Source: ConvertibleIntegers>(
  _: Source.Type, _ pass: Conversion, _ limits: IntegerLimits?, _ range: ClosedRange<Int16>, rows: Range<Int>
) {
  let (lowest, highest) = (range.lowerBound, range.upperBound)
  guard let limits else {
    return forEachConverted(Source.self, pass, rows: rows, blockBytes: 32, { _ in () }) { value, _, target in
      target.storeBytes(of: roundedToInt16(value, lowest: lowest, highest: highest), as: SIMD16<Int16>.self)
    }
  }
  forEachConverted(Source.self, pass, rows: rows, blockBytes: 32, limits.block) { value, limits, target in
    let rounded = roundedToInt16(value, lowest: lowest, highest: highest)
    target.storeBytes(of: csimd_limit_i16(rounded, limits.lowest, limits.highest), as: SIMD16<Int16>.self)
  }
}

@inlinable @inline(__always)
func convertToFloat<Source: ConvertibleIntegers>(
  _: Source.Type, _ pass: Conversion, _ limits: FloatLimits, rows: Range<Int>
) {
  forEachConverted(Source.self, pass, rows: rows, blockBytes: 64, { _ in () }) { value, _, target in
    target.storeBytes(of: csimd_clamp_f32(value, limits.lowest, limits.highest), as: SIMD16<Float>.self)
  }
}
