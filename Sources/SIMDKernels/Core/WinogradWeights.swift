import CSIMD

/// The transformed weights of one block of 16 output channels: [36 points][input channel][16], pairs of input channels
/// interleaved where the arithmetic wants it.
@inlinable @inline(__always)
func transformWeights<Arithmetic: TransformedArithmetic>(
  _: Arithmetic.Type, _ layer: WinogradLayer, block: Int, to output: UnsafeMutableRawPointer
) {
  let positionBytes = layer.channels &* 16
  let pointBytes = WinogradLayer.weightStride(channels: layer.channels)
  var weights = layer.weights + block &* 9 &* positionBytes
  var target = output
  for _ in 0..<layer.channels / 4 {
    let step = weights
    let taps = InlineArray<9, SIMD64<Int8>> {
      csimd_transpose_16x4((step + $0 &* positionBytes).loadUnaligned(as: SIMD64<Int8>.self))
    }
    if Arithmetic.interleavesChannels {
      storePair(kernelColumns(taps, csimd_quarter_0), kernelColumns(taps, csimd_quarter_1), target, pointBytes)
      storePair(kernelColumns(taps, csimd_quarter_2), kernelColumns(taps, csimd_quarter_3), target + 64, pointBytes)
    } else {
      store(kernelColumns(taps, csimd_quarter_0), target, pointBytes)
      store(kernelColumns(taps, csimd_quarter_1), target + 32, pointBytes)
      store(kernelColumns(taps, csimd_quarter_2), target + 64, pointBytes)
      store(kernelColumns(taps, csimd_quarter_3), target + 96, pointBytes)
    }
    weights += 64
    target += 128
  }
}

/// The three columns of a kernel's nine positions, each transformed; `channel` takes one of four input channels.
@inlinable @inline(__always)
func kernelColumns(
  _ taps: InlineArray<9, SIMD64<Int8>>, _ channel: (SIMD64<Int8>) -> SIMD16<Int8>
) -> ThreeColumns {
  ThreeColumns(kernelColumn(taps, 0, channel), kernelColumn(taps, 1, channel), kernelColumn(taps, 2, channel))
}

@inlinable @inline(__always)
func kernelColumn(
  _ taps: InlineArray<9, SIMD64<Int8>>, _ column: Int, _ channel: (SIMD64<Int8>) -> SIMD16<Int8>
) -> InlineArray<6, SIMD16<Int16>> {
  winogradWeights(
    csimd_widen_i8_to_i16(channel(taps[unchecked: column])),
    csimd_widen_i8_to_i16(channel(taps[unchecked: column &+ 3])),
    csimd_widen_i8_to_i16(channel(taps[unchecked: column &+ 6])))
}

@inlinable @inline(__always)
func store(_ kernel: ThreeColumns, _ output: UnsafeMutableRawPointer, _ pointBytes: Int) {
  forSix { row in
    let points = kernel.points(row)
    forSix { column in
      (output + (row &* 6 &+ column) &* pointBytes).storeBytes(of: points[unchecked: column], as: SIMD16<Int16>.self)
    }
  }
}

@inlinable @inline(__always)
func storePair(_ even: ThreeColumns, _ odd: ThreeColumns, _ output: UnsafeMutableRawPointer, _ pointBytes: Int) {
  forSix { row in
    let (evenPoints, oddPoints) = (even.points(row), odd.points(row))
    forSix { column in
      (output + (row &* 6 &+ column) &* pointBytes).storeBytes(
        of: csimd_interleave_i16(evenPoints[unchecked: column], oddPoints[unchecked: column]),
        as: SIMD32<Int16>.self)
    }
  }
}

/// A kernel transformed in one direction.
@usableFromInline
struct ThreeColumns {
  @usableFromInline let a, b, c: InlineArray<6, SIMD16<Int16>>

  @inlinable @inline(__always)
  init(
    _ a: InlineArray<6, SIMD16<Int16>>, _ b: InlineArray<6, SIMD16<Int16>>, _ c: InlineArray<6, SIMD16<Int16>>
  ) {
    (self.a, self.b, self.c) = (a, b, c)
  }

  /// A row, transformed in the other direction.
  @inlinable @inline(__always)
  func points(_ row: Int) -> InlineArray<6, SIMD16<Int16>> {
    winogradWeights(a[unchecked: row], b[unchecked: row], c[unchecked: row])
  }
}
