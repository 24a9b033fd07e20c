import CSIMD

/// How an addition reads an operand.
public struct SumOperand: @unchecked Sendable {
  public var plane: InputPlane
  /// Pixel (row, column) of the sum reads pixel (row · stride ≫ shift, column · stride ≫ shift): every `stride`-th one,
  /// or with a shift of 1 each one twice.
  public var stride: Int
  public var shift: Int
  /// Where the operand is bytes, their zero points [channel]; nil where it is int16.
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
      step: shift == 0 ? stride &* plane.pixelBytes : 0,
      nextStep: stride &* plane.pixelBytes)
  }
}

/// The pixels of a row, one after the other.
@usableFromInline
struct SumPixels {
  @usableFromInline var place: UnsafeRawPointer
  @usableFromInline var step: Int
  @usableFromInline var nextStep: Int

  @inlinable @inline(__always)
  init(place: UnsafeRawPointer, step: Int, nextStep: Int) {
    (self.place, self.step, self.nextStep) = (place, step, nextStep)
  }

  @inlinable @inline(__always)
  mutating func advance() {
    place = moved(place, by: step)
    (step, nextStep) = (nextStep, step)
  }
}

/// `sum = activation(base + round(Float(branch) · factor))` in int16, each operand without its zero point; rounding is
/// to the nearest, ties to even.
///
/// 1. The base is added as it is, or where it has a `ratio`, as `round(Float(base) · ratio)`. Without a base the rounded
///    branch is the sum.
/// 2. A sum below 0 becomes `round(Float(sum) · slope)`, where there are slopes.
/// 3. Sums are clamped to the limits, where there are any, and to int16.
public struct SumPass: @unchecked Sendable {
  public var branch: SumOperand
  /// The branch's scale divided by that of the sum, times the gate where there is one.
  public var factor: UnsafePointer<Float>
  public var base: SumOperand?
  public var ratio: UnsafePointer<Float>?
  public var slopes: UnsafePointer<Float>?
  public var limits: IntegerLimits?
  public var output: OutputPlane
  public var width: Int
  /// A multiple of 16.
  public var channels: Int

  @inlinable
  public init(
    branch: SumOperand, factor: UnsafePointer<Float>, base: SumOperand?, ratio: UnsafePointer<Float>? = nil,
    slopes: UnsafePointer<Float>? = nil, limits: IntegerLimits? = nil, output: OutputPlane, width: Int, channels: Int
  ) {
    self.branch = branch
    self.factor = factor
    self.base = base
    self.ratio = ratio
    self.slopes = slopes
    self.limits = limits
    self.output = output
    self.width = width
    self.channels = channels
  }
}

/// What a loop over the pixels of a sum need not ask: whether the base is absent (0), added as it is (1) or rescaled (2);
/// whether what is added is the sum (0), has limits (1), or slopes and limits (2); and whether operands are int16 whose
/// pixels are equally far apart (0), int16 (1), or some of them bytes (2).
@usableFromInline
struct SumLoop<let base: Int, let activation: Int, let form: Int> {
  @inlinable @inline(__always)
  init() {}
}

/// What is usual has loops of its own. In the others, what a sum lacks is made up for by numbers that change nothing, and
/// bytes are told apart value by value.
@inlinable @inline(__always)
func addPlanes<Arithmetics: KernelArithmetics>(_: Arithmetics.Type, _ pass: SumPass, rows: Range<Int>) {
  let base = pass.base == nil ? 0 : pass.ratio == nil ? 1 : 2
  if pass.branch.zero != nil || pass.base?.zero != nil {
    return base == 0
      ? addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<0, 2, 2>())
      : addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<2, 2, 2>())
  }
  if pass.branch.shift > 0 || pass.base.map({ $0.shift > 0 }) ?? false {
    switch (base, pass.slopes == nil && pass.limits == nil) {
    case (0, _): return addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<0, 2, 1>())
    case (1, true): return addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<1, 0, 1>())
    default: return addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<2, 2, 1>())
    }
  }
  switch (base, pass.slopes != nil ? 2 : pass.limits != nil ? 1 : 0) {
  case (0, 0): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<0, 0, 0>())
  case (0, 1): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<0, 1, 0>())
  case (0, _): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<0, 2, 0>())
  case (1, 0): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<1, 0, 0>())
  case (1, 1): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<1, 1, 0>())
  case (1, _): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<1, 2, 0>())
  case (_, 0): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<2, 0, 0>())
  case (_, 1): addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<2, 1, 0>())
  default: addPlanes(Arithmetics.self, pass, rows: rows, SumLoop<2, 2, 0>())
  }
}

@inlinable @inline(__always)
func addPlanes<Arithmetics: KernelArithmetics, let base: Int, let activation: Int, let form: Int>(
  _: Arithmetics.Type, _ pass: SumPass, rows: Range<Int>, _: SumLoop<base, activation, form>
) {
  let baseOperand = pass.base ?? pass.branch
  for row in rows {
    for block in 0..<pass.channels / 16 {
      let factor = load(pass.factor + block &* 16)
      let ratio = pass.ratio.map { load($0 + block &* 16) } ?? SIMD16(repeating: 1)
      let slopes = pass.slopes.map { load($0 + block &* 16) } ?? SIMD16(repeating: 1)
      let limits = pass.limits?.block(block) ?? (SIMD16(repeating: .min), SIMD16(repeating: .max))
      var branchPixels = pass.branch.pixels(row: row, block: block)
      var basePixels = baseOperand.pixels(row: row, block: block)
      var target = pass.output.pixel(row: row, column: 0) + block &* 32
      for _ in 0..<pass.width {
        let branch = summand(
          Arithmetics.self, branchPixels.place, form == 2 ? pass.branch.zero(block: block) : nil)
        let other = summand(Arithmetics.self, basePixels.place, form == 2 ? baseOperand.zero(block: block) : nil)
        let scaled = csimd_float_from_int(csimd_widen_i16(branch)) * factor
        var result: SIMD16<Int16>
        if activation != 2 && base == 0 {
          result = roundedToInt16(scaled)
        } else if activation != 2 && base == 1 {
          result = roundedToInt16(scaled, adding: other)
        } else {
          var sum = roundToNearestEven(scaled, limit: 65536)
          if base == 1 { sum = sum &+ csimd_widen_i16(other) }
          if base == 2 {
            sum = sum &+ roundToNearestEven(csimd_float_from_int(csimd_widen_i16(other)) * ratio, limit: 65536)
          }
          if activation == 2 {
            // Sums are at most 131,072 in size, which floats have exactly.
            let below = roundToNearestEven(csimd_float_from_int(sum) * slopes, limit: 65536)
            sum = csimd_select_by_sign_i32(sum, sum, below)
          }
          result = csimd_narrow_to_i16(csimd_clamp_i32(sum, -32768, 32767))
        }
        if activation > 0 { result = csimd_limit_i16(result, limits.0, limits.1) }
        csimd_store_16_shorts(target, result)
        target = moved(target, by: pass.output.pixelBytes)
        if form == 0 {
          branchPixels.place = moved(branchPixels.place, by: branchPixels.nextStep)
          if base > 0 { basePixels.place = moved(basePixels.place, by: basePixels.nextStep) }
        } else {
          branchPixels.advance()
          basePixels.advance()
        }
      }
    }
  }
}

/// 16 channels of an operand, those of bytes without their zero points.
@inlinable @inline(__always)
func summand<Arithmetics: KernelArithmetics>(
  _: Arithmetics.Type, _ place: UnsafeRawPointer, _ zero: UnsafePointer<Int8>?
) -> SIMD16<Int16> {
  guard let zero else { return csimd_load_16_shorts(place) }
  typealias Bytes = PlaneInt8<Arithmetics.Int8Dot>
  return Bytes.shorts(Bytes.load(place)) &- csimd_widen_i8_to_i16(load(zero))
}

/// `q' = clamp(round(Float(q) · factor) + zero)`, q without its own zero point: a value times its gate.
public struct ProductPass: @unchecked Sendable {
  public var input: InputPlane
  /// Where the input is bytes, their zero points [channel].
  public var inputZero: UnsafePointer<Int8>?
  public var width: Int
  /// A multiple of 16.
  public var channels: Int
  /// The input's scale divided by that of the result, times the gate.
  public var factor: UnsafePointer<Float>
  public var output: OutputPlane
  /// Where the result is bytes.
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
        place += pass.input.pixelBytes
        target += pass.output.pixelBytes
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

/// - Parameter range: what the result is clamped to.
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
