import CSIMD

/// Multiplies a plane with its gate: `q' = clamp(round(Float(q) · factor) + zero)`, q without its own zero point.
public struct ProductPass: @unchecked Sendable {
  public var input: InputPlane
  /// The zero points [channel] of an input of bytes; nil for one of int16.
  public var inputZero: UnsafePointer<Int8>?
  public var width: Int
  /// The number of channels: a multiple of 16.
  public var channels: Int
  /// The input's scale divided by that of the result, times the gate.
  public var factor: UnsafePointer<Float>
  public var output: OutputPlane
  /// The zero points [channel] of a result of bytes; nil for other results.
  public var zero: UnsafePointer<Int8>?

  @inlinable
  public init(
    input: InputPlane, inputZero: UnsafePointer<Int8>? = nil, width: Int, channels: Int, factor: UnsafePointer<Float>,
    output: OutputPlane, zero: UnsafePointer<Int8>? = nil
  ) {
    self.input = input
    self.inputZero = inputZero
    self.width = width
    self.channels = channels
    self.factor = factor
    self.output = output
    self.zero = zero
  }
}

/// Calls `store` with `Float(q) · factor` of every 16 channels in `rows`, and their place in the output.
@inlinable @inline(__always)
func forEachProduct<Source: PlaneIntegers>(
  _: Source.Type, _ pass: ProductPass, rows: Range<Int>, blockBytes: Int,
  _ store: (SIMD16<Float>, _ zero: SIMD16<Int8>, UnsafeMutableRawPointer) -> Void
) {
  for row in rows {
    for block in 0..<pass.channels / 16 {
      let factor = load(pass.factor + block &* 16)
      let inputZero = pass.inputZero.map { csimd_widen_i8_to_i16(load($0 + block &* 16)) } ?? SIMD16()
      let zero = pass.zero.map { load($0 + block &* 16) } ?? SIMD16()
      var place = pass.input.pixel(row: row, column: 0) + block &* Source.blockBytes
      var target = pass.output.pixel(row: row, column: 0) + block &* blockBytes
      for _ in 0..<pass.width {
        let integers = Source.shorts(Source.load(place)) &- inputZero
        store(csimd_float_from_int(csimd_widen_i16(integers)) * factor, zero, target)
        place = moved(place, by: pass.input.pixelBytes)
        target = moved(target, by: pass.output.pixelBytes)
      }
    }
  }
}

@inlinable @inline(__always)
func multiplyToInt8<Source: PlaneIntegers>(_: Source.Type, _ pass: ProductPass, flip: Int8, rows: Range<Int>) {
  forEachProduct(Source.self, pass, rows: rows, blockBytes: 16) { value, zero, target in
    target.storeBytes(of: roundedToInt8(value, zero: zero) ^ SIMD16(repeating: flip), as: SIMD16<Int8>.self)
  }
}

/// - Parameter range: the range that the result is clamped to.
@inlinable @inline(__always)
func multiplyToInt16<Source: PlaneIntegers>(
  _: Source.Type, _ pass: ProductPass, _ range: ClosedRange<Int16>, rows: Range<Int>
) {
  let (lowest, highest) = (range.lowerBound, range.upperBound)
  forEachProduct(Source.self, pass, rows: rows, blockBytes: 32) { value, _, target in
    target.storeBytes(of: roundedToInt16(value, lowest: lowest, highest: highest), as: SIMD16<Int16>.self)
  }
}

@inlinable @inline(__always)
func multiplyToFloat<Source: PlaneIntegers>(_: Source.Type, _ pass: ProductPass, rows: Range<Int>) {
  forEachProduct(Source.self, pass, rows: rows, blockBytes: 64) { value, _, target in
    target.storeBytes(of: value, as: SIMD16<Float>.self)
  }
}
