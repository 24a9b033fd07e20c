import CSIMD

/// Squeeze-and-excitation between the channel means and the gates, `sigmoid(expand · relu(reduce · means)) · factor`,
/// with biases where there are some: float, in one stated order of operations (`dotProducts`, `sigmoid`), so that every
/// machine gets the same bits. No operation is fused.
public struct SqueezeExciteGate: @unchecked Sendable {
  /// The means over the pixels, [channel].
  public var means: UnsafeMutablePointer<Float>
  /// The number of channels: a multiple of 16.
  public var channels: Int
  /// Scratch memory of `hidden` values.
  public var hiddenValues: UnsafeMutablePointer<Float>
  /// The number of hidden values: a multiple of 16.
  public var hidden: Int
  /// The weights of both layers, [hidden][channel] and [channel][hidden].
  public var reduce: UnsafePointer<Float>
  public var expand: UnsafePointer<Float>
  /// Added to the dot products, [hidden] and [channel]; nil where there are none.
  public var reduceBias: UnsafePointer<Float>?
  public var expandBias: UnsafePointer<Float>?
  /// The factors [channel] that the sigmoid is multiplied with.
  public var factor: UnsafePointer<Float>
  public var gate: UnsafeMutablePointer<Float>

  @inlinable
  public init(
    means: UnsafeMutablePointer<Float>, channels: Int, hiddenValues: UnsafeMutablePointer<Float>, hidden: Int,
    reduce: UnsafePointer<Float>, expand: UnsafePointer<Float>, reduceBias: UnsafePointer<Float>? = nil,
    expandBias: UnsafePointer<Float>? = nil, factor: UnsafePointer<Float>, gate: UnsafeMutablePointer<Float>
  ) {
    self.means = means
    self.channels = channels
    self.hiddenValues = hiddenValues
    self.hidden = hidden
    self.reduce = reduce
    self.expand = expand
    self.reduceBias = reduceBias
    self.expandBias = expandBias
    self.factor = factor
    self.gate = gate
  }
}

@inlinable @inline(__always)
func computeSqueezeExciteGate<ISA: InstructionSetKernels>(_: ISA.Type, _ pass: SqueezeExciteGate) {
  for row in stride(from: 0, to: pass.hidden, by: 16) {
    var sums = dotProducts(ISA.self, pass.reduce + row &* pass.channels, pass.means, count: pass.channels)
    if let bias = pass.reduceBias { sums += load(bias + row) }
    UnsafeMutableRawPointer(pass.hiddenValues + row).storeBytes(
      of: sums.replacing(with: 0, where: sums .<= 0), as: SIMD16<Float>.self)
  }
  for channel in stride(from: 0, to: pass.channels, by: 16) {
    var sums = dotProducts(
      ISA.self, pass.expand + channel &* pass.hidden, pass.hiddenValues, count: pass.hidden)
    if let bias = pass.expandBias { sums += load(bias + channel) }
    UnsafeMutableRawPointer(pass.gate + channel).storeBytes(
      of: sigmoid(sums) * load(pass.factor + channel), as: SIMD16<Float>.self)
  }
}

/// The dot products of 16 rows with one vector. Each is summed up in the stated order: lane `l` of 16 adds up the products `l`, `l +
/// 16`, … one after the other; then the upper half of the lanes is added to the lower one, four times.
///
/// - Parameters:
///   - rows: [16][count].
///   - count: a multiple of 16.
@inlinable @inline(__always)
func dotProducts<ISA: InstructionSetKernels>(
  _: ISA.Type, _ rows: UnsafePointer<Float>, _ vector: UnsafePointer<Float>, count: Int
) -> SIMD16<Float> {
  // Every step halves the rows' lanes, and puts the lanes of twice as many rows side by side.
  let first = fourDotProducts(ISA.self, rows, vector, count: count)
  let second = fourDotProducts(ISA.self, rows + 4 &* count, vector, count: count)
  let third = fourDotProducts(ISA.self, rows + 8 &* count, vector, count: count)
  let fourth = fourDotProducts(ISA.self, rows + 12 &* count, vector, count: count)
  let firstEight = csimd_pairs_0(first, second) + csimd_pairs_1(first, second)
  let secondEight = csimd_pairs_0(third, fourth) + csimd_pairs_1(third, fourth)
  return csimd_evens(firstEight, secondEight) + csimd_odds(firstEight, secondEight)
}

/// The dot products of four rows, down to four lanes of each, [4][4]: so many sums fit any machine's registers. Not inlined, or the
/// compiler takes the vectors apart.
@inlinable @inline(never)
func fourDotProducts<ISA: InstructionSetKernels>(
  _: ISA.Type, _ rows: UnsafePointer<Float>, _ vector: UnsafePointer<Float>, count: Int
) -> SIMD16<Float> {
  var (a, b, c, d) = (SIMD16<Float>(), SIMD16<Float>(), SIMD16<Float>(), SIMD16<Float>())
  var index = 0
  repeat {
    let values = load(vector + index)
    a += load(rows + index) * values
    b += load(rows + (count &+ index)) * values
    c += load(rows + (2 &* count &+ index)) * values
    d += load(rows + (3 &* count &+ index)) * values
    index &+= 16
  } while index != count
  let first = csimd_halves_0(a, b) + csimd_halves_1(a, b)
  let second = csimd_halves_0(c, d) + csimd_halves_1(c, d)
  return csimd_quarters_0(first, second) + csimd_quarters_1(first, second)
}
