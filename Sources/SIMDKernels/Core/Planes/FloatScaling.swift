/// Scales and shifts a plane of floats: `activation(x · scale + shift)`, never fused, with a scale and a shift for each
/// channel.
public struct FloatAffinePass: @unchecked Sendable {
  public var input: InputPlane
  public var width: Int
  /// The number of channels: a multiple of 16.
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
func scaleFloats<ISA: InstructionSetKernels>(_: ISA.Type, _ pass: FloatAffinePass, rows: Range<Int>) {
  if pass.activation.isIdentity {
    forEachScaledFloat(ISA.self, pass, rows: rows) { value, _ in value }
  } else {
    forEachScaledFloat(ISA.self, pass, rows: rows) { pass.activation($0, $1) }
  }
}

/// Stores what `activate` makes of `x · scale + shift` and the slopes, of every 16 channels in `rows`.
@inlinable @inline(__always)
func forEachScaledFloat<ISA: InstructionSetKernels>(
  _: ISA.Type, _ pass: FloatAffinePass, rows: Range<Int>,
  _ activate: (_ value: SIMD16<Float>, _ slopes: SIMD16<Float>) -> SIMD16<Float>
) {
  for row in rows {
    for block in 0..<pass.channels / 16 {
      let (scale, shift) = (load(pass.scale + block &* 16), load(pass.shift + block &* 16))
      let slopes = pass.activation.slopes(block: block)
      var place = pass.input.pixel(row: row, column: 0) + block &* 64
      var target = pass.output.pixel(row: row, column: 0) + block &* 64
      for _ in 0..<pass.width {
        let value = place.loadUnaligned(as: SIMD16<Float>.self) * scale + shift
        target.storeBytes(of: activate(value, slopes), as: SIMD16<Float>.self)
        place = moved(place, by: pass.input.pixelBytes)
        target = moved(target, by: pass.output.pixelBytes)
      }
    }
  }
}
