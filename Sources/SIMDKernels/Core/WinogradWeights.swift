import CSIMD

/// The transformed weights of one block of 16 output channels: [36 points][input channel][16], pairs of input channels
/// interleaved where the arithmetic wants it, the points `pointBytes` apart.
@inlinable @inline(never)
func transformWeights<Arithmetic: TransformedArithmetic>(
  _: Arithmetic.Type, _ layer: WinogradLayer, block: Int, to output: UnsafeMutableRawPointer, pointBytes: Int
) {
  let positionBytes = layer.channels &* 16
  var weights = layer.weights + block &* 9 &* positionBytes
  var target = output
  for _ in 0..<layer.channels / 4 {
    let step = weights
    // Nine streams are more than a processor foresees.
    for position in 0..<9 { csimd_prefetch(step + (position &* positionBytes &+ 320)) }
    if Arithmetic.interleavesChannels {
      let taps = InlineArray<9, SIMD64<Int8>> { (step + $0 &* positionBytes).loadUnaligned(as: SIMD64<Int8>.self) }
      store(kernelColumns(taps, csimd_widen_even_pairs), target, pointBytes)
      store(kernelColumns(taps, csimd_widen_odd_pairs), target + 64, pointBytes)
    } else {
      let taps = InlineArray<9, SIMD64<Int8>> {
        csimd_transpose_16x4((step + $0 &* positionBytes).loadUnaligned(as: SIMD64<Int8>.self))
      }
      store(kernelColumns(taps) { csimd_widen_i8_to_i16(csimd_quarter_0($0)) }, target, pointBytes)
      store(kernelColumns(taps) { csimd_widen_i8_to_i16(csimd_quarter_1($0)) }, target + 32, pointBytes)
      store(kernelColumns(taps) { csimd_widen_i8_to_i16(csimd_quarter_2($0)) }, target + 64, pointBytes)
      store(kernelColumns(taps) { csimd_widen_i8_to_i16(csimd_quarter_3($0)) }, target + 96, pointBytes)
    }
    weights += 64
    target += 128
  }
}

/// The three columns of a kernel's nine positions, each transformed; `channels` takes some of four input channels.
@inlinable @inline(__always)
func kernelColumns<Weights: WeightLanes>(
  _ taps: InlineArray<9, SIMD64<Int8>>, _ channels: (SIMD64<Int8>) -> Weights
) -> ThreeColumns<Weights> {
  ThreeColumns(kernelColumn(taps, 0, channels), kernelColumn(taps, 1, channels), kernelColumn(taps, 2, channels))
}

@inlinable @inline(__always)
func kernelColumn<Weights: WeightLanes>(
  _ taps: InlineArray<9, SIMD64<Int8>>, _ column: Int, _ channels: (SIMD64<Int8>) -> Weights
) -> InlineArray<6, Weights> {
  winogradWeights(
    channels(taps[unchecked: column]), channels(taps[unchecked: column &+ 3]), channels(taps[unchecked: column &+ 6]))
}

@inlinable @inline(__always)
func store<Weights: WeightLanes>(
  _ kernel: ThreeColumns<Weights>, _ output: UnsafeMutableRawPointer, _ pointBytes: Int
) {
  forSix { row in
    let points = kernel.points(row)
    forSix { column in
      (output + (row &* 6 &+ column) &* pointBytes).storeBytes(of: points[unchecked: column], as: Weights.self)
    }
  }
}

/// A kernel transformed in one direction.
@usableFromInline
struct ThreeColumns<Weights: WeightLanes> {
  @usableFromInline let a, b, c: InlineArray<6, Weights>

  @inlinable @inline(__always)
  init(_ a: InlineArray<6, Weights>, _ b: InlineArray<6, Weights>, _ c: InlineArray<6, Weights>) {
    (self.a, self.b, self.c) = (a, b, c)
  }

  /// A row, transformed in the other direction.
  @inlinable @inline(__always)
  func points(_ row: Int) -> InlineArray<6, Weights> {
    winogradWeights(a[unchecked: row], b[unchecked: row], c[unchecked: row])
  }
}
