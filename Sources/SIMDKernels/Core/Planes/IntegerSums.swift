import CSIMD

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
  /// The number of channels: a multiple of 16.
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

/// Chooses the loop. Usual sums have loops of their own; the other loops make up for what a sum lacks by numbers that
/// change nothing, and tell bytes apart value by value.
@inlinable @inline(__always)
func addPlanes<ISA: InstructionSetKernels>(_: ISA.Type, _ pass: SumPass, rows: Range<Int>) {
  let base = pass.base == nil ? 0 : pass.ratio == nil ? 1 : 2
  if pass.branch.zero != nil || pass.base?.zero != nil {
    return base == 0
      ? addPlanes(ISA.self, pass, rows: rows, SumLoop<0, 2, 2>())
      : addPlanes(ISA.self, pass, rows: rows, SumLoop<2, 2, 2>())
  }
  if pass.branch.shift > 0 || pass.base.map({ $0.shift > 0 }) ?? false {
    switch (base, pass.slopes == nil && pass.limits == nil) {
    case (0, _): return addPlanes(ISA.self, pass, rows: rows, SumLoop<0, 2, 1>())
    case (1, true): return addPlanes(ISA.self, pass, rows: rows, SumLoop<1, 0, 1>())
    default: return addPlanes(ISA.self, pass, rows: rows, SumLoop<2, 2, 1>())
    }
  }
  switch (base, pass.slopes != nil ? 2 : pass.limits != nil ? 1 : 0) {
  case (0, 0): addPlanes(ISA.self, pass, rows: rows, SumLoop<0, 0, 0>())
  case (0, 1): addPlanes(ISA.self, pass, rows: rows, SumLoop<0, 1, 0>())
  case (0, _): addPlanes(ISA.self, pass, rows: rows, SumLoop<0, 2, 0>())
  case (1, 0): addPlanes(ISA.self, pass, rows: rows, SumLoop<1, 0, 0>())
  case (1, 1): addPlanes(ISA.self, pass, rows: rows, SumLoop<1, 1, 0>())
  case (1, _): addPlanes(ISA.self, pass, rows: rows, SumLoop<1, 2, 0>())
  case (_, 0): addPlanes(ISA.self, pass, rows: rows, SumLoop<2, 0, 0>())
  case (_, 1): addPlanes(ISA.self, pass, rows: rows, SumLoop<2, 1, 0>())
  default: addPlanes(ISA.self, pass, rows: rows, SumLoop<2, 2, 0>())
  }
}

@inlinable @inline(__always)
func addPlanes<ISA: InstructionSetKernels, let base: Int, let activation: Int, let form: Int>(
  _: ISA.Type, _ pass: SumPass, rows: Range<Int>, _: SumLoop<base, activation, form>
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
          ISA.self, branchPixels.place, form == 2 ? pass.branch.zero(block: block) : nil)
        let other = summand(ISA.self, basePixels.place, form == 2 ? baseOperand.zero(block: block) : nil)
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
        branchPixels.advance(SumLoop<base, activation, form>())
        if base > 0 { basePixels.advance(SumLoop<base, activation, form>()) }
      }
    }
  }
}

/// Loads 16 channels of an operand; bytes are loaded without their zero points.
@inlinable @inline(__always)
func summand<ISA: InstructionSetKernels>(
  _: ISA.Type, _ place: UnsafeRawPointer, _ zero: UnsafePointer<Int8>?
) -> SIMD16<Int16> {
  guard let zero else { return csimd_load_16_shorts(place) }
  typealias Bytes = PlaneInt8<ISA.Int8Dot>
  return Bytes.shorts(Bytes.load(place)) &- csimd_widen_i8_to_i16(load(zero))
}
