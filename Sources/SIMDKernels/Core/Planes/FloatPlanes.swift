import CSIMD

/// What float values go through: `clamp(v < 0 ? v · slope : v)`.
public struct FloatActivation: @unchecked Sendable {
  /// One for each channel; nil where there is none.
  public var slopes: UnsafePointer<Float>?
  public var limits: FloatLimits

  @inlinable
  public init(slopes: UnsafePointer<Float>? = nil, limits: FloatLimits = FloatLimits()) {
    (self.slopes, self.limits) = (slopes, limits)
  }

  @inlinable @inline(__always)
  func slopes(block: Int) -> SIMD16<Float> { slopes.map { load($0 + block &* 16) } ?? SIMD16(repeating: 1) }

  @inlinable @inline(__always)
  func callAsFunction(_ value: SIMD16<Float>, _ slopes: SIMD16<Float>) -> SIMD16<Float> {
    csimd_clamp_f32(csimd_select_by_float_sign(value, value, value * slopes), limits.lowest, limits.highest)
  }
}

/// `activation(base + branch · factor)` of floats; without a base `activation(branch · factor)`. Never fused.
public struct FloatSumPass: @unchecked Sendable {
  /// Operands have no zero points.
  public var branch: SumOperand
  /// The gate, for each channel; nil where it is 1.
  public var factor: UnsafePointer<Float>?
  public var base: SumOperand?
  public var activation: FloatActivation
  public var output: OutputPlane
  public var width: Int
  /// A multiple of 16.
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

@inlinable @inline(__always)
func addFloatPlanes<Arithmetics: KernelArithmetics>(_: Arithmetics.Type, _ pass: FloatSumPass, rows: Range<Int>) {
  for row in rows {
    for block in 0..<pass.channels / 16 {
      let factor = pass.factor.map { load($0 + block &* 16) } ?? SIMD16(repeating: 1)
      let slopes = pass.activation.slopes(block: block)
      var branch = pass.branch.pixels(row: row, blockOffset: block &* 64)
      var base = (pass.base ?? pass.branch).pixels(row: row, blockOffset: block &* 64)
      var target = pass.output.pixel(row: row, column: 0) + block &* 64
      let hasBase = pass.base != nil
      for _ in 0..<pass.width {
        var sum = branch.place.loadUnaligned(as: SIMD16<Float>.self) * factor
        if hasBase { sum = base.place.loadUnaligned(as: SIMD16<Float>.self) + sum }
        target.storeBytes(of: pass.activation(sum, slopes), as: SIMD16<Float>.self)
        branch.advance()
        base.advance()
        target += pass.output.pixelBytes
      }
    }
  }
}

/// `activation(x · scale + shift)` of floats, never fused.
public struct FloatAffinePass: @unchecked Sendable {
  public var input: InputPlane
  public var width: Int
  /// A multiple of 16.
  public var channels: Int
  public var scale: UnsafePointer<Float>
  public var shift: UnsafePointer<Float>
  public var activation: FloatActivation
  public var output: OutputPlane

  @inlinable
  public init(
    input: InputPlane, width: Int, channels: Int, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    activation: FloatActivation = FloatActivation(), output: OutputPlane
  ) {
    self.input = input
    self.width = width
    self.channels = channels
    self.scale = scale
    self.shift = shift
    self.activation = activation
    self.output = output
  }
}

@inlinable @inline(__always)
func scaleFloats<Arithmetics: KernelArithmetics>(_: Arithmetics.Type, _ pass: FloatAffinePass, rows: Range<Int>) {
  for row in rows {
    for block in 0..<pass.channels / 16 {
      let (scale, shift) = (load(pass.scale + block &* 16), load(pass.shift + block &* 16))
      let slopes = pass.activation.slopes(block: block)
      var place = pass.input.pixel(row: row, column: 0) + block &* 64
      var target = pass.output.pixel(row: row, column: 0) + block &* 64
      for _ in 0..<pass.width {
        let value = place.loadUnaligned(as: SIMD16<Float>.self) * scale + shift
        target.storeBytes(of: pass.activation(value, slopes), as: SIMD16<Float>.self)
        place += pass.input.pixelBytes
        target += pass.output.pixelBytes
      }
    }
  }
}

/// What is done with single floats at a network's outputs, in place or from one plane to another.
public struct FloatMap: @unchecked Sendable {
  public enum Function: Sendable {
    /// `1 / (1 + exp(−x))`, as `sigmoid` states it.
    case sigmoid
    /// Softmax of each pair of neighbouring channels, 0 and 1, 2 and 3 …: `sigmoid(x − y)` and `sigmoid(y − x)`.
    case softmaxOfPairs
  }

  public var input: InputPlane
  public var width: Int
  /// A multiple of 16.
  public var channels: Int
  public var function: Function
  public var output: OutputPlane

  @inlinable
  public init(input: InputPlane, width: Int, channels: Int, function: Function, output: OutputPlane) {
    self.input = input
    self.width = width
    self.channels = channels
    self.function = function
    self.output = output
  }
}

@inlinable @inline(__always)
func mapFloats<Arithmetics: KernelArithmetics>(_: Arithmetics.Type, _ pass: FloatMap, rows: Range<Int>) {
  for row in rows {
    for column in 0..<pass.width {
      let (place, target) = (pass.input.pixel(row: row, column: column), pass.output.pixel(row: row, column: column))
      for offset in stride(from: 0, to: pass.channels &* 4, by: 64) {
        var x = (place + offset).loadUnaligned(as: SIMD16<Float>.self)
        if pass.function == .softmaxOfPairs { x -= csimd_swap_neighbours(x) }
        (target + offset).storeBytes(of: sigmoid(x), as: SIMD16<Float>.self)
      }
    }
  }
}
