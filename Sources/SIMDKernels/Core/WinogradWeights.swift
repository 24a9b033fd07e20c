import CSIMD

/// The transformed weights of one block of 16 output channels: [36 points][input channel][16], pairs of input channels
/// interleaved where the arithmetic wants it.
///
/// - Parameter taps: scratch memory of 576 bytes.
@inlinable @inline(__always)
func transformWeights<Arithmetic: TransformedArithmetic, Form: WinogradForm>(
  _: Arithmetic.Type, _: Form.Type, _ layer: WinogradLayer, block: Int, to output: UnsafeMutableRawPointer,
  taps: UnsafeMutableRawPointer
) {
  let positionBytes = layer.channels &* 16
  let pointBytes = WinogradLayer.weightStride(channels: layer.channels)
  var weights = layer.weights + block &* 9 &* positionBytes
  var target = output
  for _ in 0..<layer.channels / 4 {
    // [9][4 input channels][16]: in registers all together would be too many.
    var position = weights
    for tap in 0..<9 {
      csimd_store_transposed_16x4(position, taps + tap &* 64)
      position += positionBytes
    }
    if Arithmetic.interleavesChannels {
      for pair in 0..<2 {
        let (even, odd) = (taps + pair &* 32, taps + (pair &* 32 &+ 16))
        storePair(
          ThreeColumns<Form>(even), ThreeColumns<Form>(odd), target + pair &* 64, pointBytes)
      }
    } else {
      for channel in 0..<4 {
        store(ThreeColumns<Form>(taps + channel &* 16), target + channel &* 32, pointBytes)
      }
    }
    weights += 64
    target += 128
  }
}

@inlinable @inline(__always)
func store<Form: WinogradForm>(_ kernel: ThreeColumns<Form>, _ output: UnsafeMutableRawPointer, _ pointBytes: Int) {
  var output = output
  forSix { row in
    let points = kernel.points(row)
    forSix { column in
      csimd_store_16_shorts(output, points[unchecked: column])
      output += pointBytes
    }
  }
}

@inlinable @inline(__always)
func storePair<Form: WinogradForm>(
  _ even: ThreeColumns<Form>, _ odd: ThreeColumns<Form>, _ output: UnsafeMutableRawPointer, _ pointBytes: Int
) {
  var output = output
  forSix { row in
    let (evenPoints, oddPoints) = (even.points(row), odd.points(row))
    forSix { column in
      output.storeBytes(
        of: csimd_interleave_i16(evenPoints[unchecked: column], oddPoints[unchecked: column]), as: SIMD32<Int16>.self)
      output += pointBytes
    }
  }
}

/// The kernels of one input channel and 16 output channels, transformed in one direction.
@usableFromInline
struct ThreeColumns<Form: WinogradForm> {
  @usableFromInline let a, b, c: InlineArray<6, SIMD16<Int16>>

  /// - Parameter taps: [9][4 input channels][16].
  @inlinable @inline(__always)
  init(_ taps: UnsafeMutableRawPointer) {
    let column = { (column: Int) in
      let tap = { (row: Int) in
        csimd_widen_i8_to_i16((taps + (row &* 3 &+ column) &* 64).load(as: SIMD16<Int8>.self))
      }
      return Form.weights(tap(0), tap(1), tap(2))
    }
    (a, b, c) = (column(0), column(1), column(2))
  }

  /// A row, transformed in the other direction.
  @inlinable @inline(__always)
  func points(_ row: Int) -> InlineArray<6, SIMD16<Int16>> {
    Form.weights(a[unchecked: row], b[unchecked: row], c[unchecked: row])
  }
}
