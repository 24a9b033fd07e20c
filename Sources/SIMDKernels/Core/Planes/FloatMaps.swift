import CSIMD

/// A function of single floats at a network's outputs, in place or from one plane to another.
public struct FloatMap: @unchecked Sendable {
  public enum Function: Sendable {
    /// The sigmoid, `1 / (1 + exp(−x))`, as the function `sigmoid` states it.
    case sigmoid
    /// The softmax of each pair of neighbouring channels, 0 and 1, 2 and 3 …: `sigmoid(x − y)` and `sigmoid(y − x)`.
    case softmaxOfPairs
  }

  public var input: InputPlane
  public var width: Int
  /// The number of channels: a multiple of 16, or 1, with a sigmoid. Of one channel nothing but that is written.
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
func mapFloats<ISA: InstructionSetKernels>(_: ISA.Type, _ pass: FloatMap, rows: Range<Int>) {
  if pass.channels == 1 { return mapSingleChannel(ISA.self, pass, rows: rows) }
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

/// The sigmoids of one channel, those of 16 pixels at once.
@inlinable @inline(__always)
func mapSingleChannel<ISA: InstructionSetKernels>(_: ISA.Type, _ pass: FloatMap, rows: Range<Int>) {
  for row in rows {
    var column = 0
    while column < pass.width {
      let count = min(16, pass.width &- column)
      var place = pass.input.pixel(row: row, column: column)
      var x = SIMD16<Float>()
      for index in 0..<count {
        x[index] = place.loadUnaligned(as: Float.self)
        place += pass.input.pixelBytes
      }
      let y = sigmoid(x)
      var target = pass.output.pixel(row: row, column: column)
      for index in 0..<count {
        target.storeBytes(of: y[index], as: Float.self)
        target += pass.output.pixelBytes
      }
      column &+= count
    }
  }
}
