/// Adds two planes of floats: `activation(base + branch · factor)`, never fused; without a base
/// `activation(branch · factor)`.
public struct FloatSumPass: @unchecked Sendable {
  /// The operands are floats and have no zero points.
  public var branch: SumOperand
  /// The gate [channel]; nil where it is 1.
  public var factor: UnsafePointer<Float>?
  public var base: SumOperand?
  public var activation: FloatActivation
  public var output: OutputPlane
  public var width: Int
  /// The number of channels: a multiple of 16.
  public var channels: Int

  @inlinable
  public init(
    branch: SumOperand, factor: UnsafePointer<Float>? = nil, base: SumOperand?,
    activation: FloatActivation = FloatActivation(), output: OutputPlane, width: Int, channels: Int
  ) {
    self.branch = branch
    self.factor = factor
    self.base = base
    self.activation = activation
    self.output = output
    self.width = width
    self.channels = channels
  }
}

/// Sums whose operands' pixels are equally far apart, and which have no activation, have loops of their own: they are
/// nearly all.
@inlinable @inline(__always)
func addFloatPlanes<ISA: InstructionSetKernels>(_: ISA.Type, _ pass: FloatSumPass, rows: Range<Int>) {
  let isRegular = pass.branch.shift == 0 && (pass.base.map { $0.shift == 0 } ?? true)
  switch (isRegular && pass.activation.isIdentity, pass.base != nil) {
  case (true, false): addFloatPlanes(ISA.self, pass, rows: rows, SumLoop<0, 0, 0>())
  case (true, true): addFloatPlanes(ISA.self, pass, rows: rows, SumLoop<1, 0, 0>())
  case (false, false): addFloatPlanes(ISA.self, pass, rows: rows, SumLoop<0, 2, 1>())
  case (false, true): addFloatPlanes(ISA.self, pass, rows: rows, SumLoop<1, 2, 1>())
  }
}

@inlinable @inline(__always)
func addFloatPlanes<ISA: InstructionSetKernels, let base: Int, let activation: Int, let form: Int>(
  _: ISA.Type, _ pass: FloatSumPass, rows: Range<Int>, _: SumLoop<base, activation, form>
) {
  let baseOperand = pass.base ?? pass.branch
  for row in rows {
    for block in 0..<pass.channels / 16 {
      let factor = pass.factor.map { load($0 + block &* 16) } ?? SIMD16(repeating: 1)
      let slopes = pass.activation.slopes(block: block)
      var branchPixels = pass.branch.pixels(row: row, blockOffset: block &* 64)
      var basePixels = baseOperand.pixels(row: row, blockOffset: block &* 64)
      var target = pass.output.pixel(row: row, column: 0) + block &* 64
      for _ in 0..<pass.width {
        var sum = branchPixels.place.loadUnaligned(as: SIMD16<Float>.self) * factor
        if base > 0 { sum = basePixels.place.loadUnaligned(as: SIMD16<Float>.self) + sum }
        if activation > 0 { sum = pass.activation(sum, slopes) }
        target.storeBytes(of: sum, as: SIMD16<Float>.self)
        target = moved(target, by: pass.output.pixelBytes)
        branchPixels.advance(SumLoop<base, activation, form>())
        if base > 0 { basePixels.advance(SumLoop<base, activation, form>()) }
      }
    }
  }
}
