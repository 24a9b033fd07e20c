import CSIMD

/// The transformed weights of one block of 16 output channels, [36 points][input channel][16], the points `planeBytes`
/// apart.
///
/// - Parameters:
///   - taps: scratch memory of 576 bytes.
///   - isFirst: nothing has brought the weights into a cache yet.
@inlinable @inline(never)
func transformPointWeights<Products: TransformedProducts, Form: WinogradForm>(
  _: Products.Type, _: Form.Type, _ layer: WinogradLayer, block: Int, to output: UnsafeMutableRawPointer,
  planeBytes: Int, taps: UnsafeMutableRawPointer, isFirst: Bool
) {
  let positionBytes = layer.channels &* 16
  var weights = layer.weights + block &* layer.blockBytes
  var target = output
  for _ in 0..<layer.channels / 4 {
    // Nine streams are more than a processor foresees.
    if isFirst { for position in 0..<9 { csimd_prefetch(weights + (position &* positionBytes &+ 320)) } }
    if Products.interleavesChannels {
      storePointPairs(Form.self, weights, positionBytes, csimd_widen_even_pairs, target, planeBytes)
      storePointPairs(Form.self, weights, positionBytes, csimd_widen_odd_pairs, target + 64, planeBytes)
    } else {
      storePointChannels(Form.self, weights, positionBytes, taps: taps, target, planeBytes)
    }
    weights += 64
    target += 128
  }
}

/// Stores the transformed weights of two input channels, [16 output channels][2].
///
/// - Parameter pairs: takes them out of [16][4].
@inlinable @inline(__always)
func storePointPairs<Form: WinogradForm>(
  _: Form.Type, _ weights: UnsafeRawPointer, _ positionBytes: Int, _ pairs: (SIMD64<Int8>) -> SIMD32<Int16>,
  _ output: UnsafeMutableRawPointer, _ planeBytes: Int
) {
  let kernel = ThreeColumns<Form, SIMD32<Int16>> { tap in
    pairs((weights + tap &* positionBytes).loadUnaligned(as: SIMD64<Int8>.self))
  }
  var output = output
  forEachConstant(6) { row in
    let points = kernel.points(row)
    forEachConstant(6) { column in
      output.storeBytes(of: points[unchecked: column], as: SIMD32<Int16>.self)
      output += planeBytes
    }
  }
}

/// Stores the transformed weights of four input channels, [4][16 output channels].
@inlinable @inline(__always)
func storePointChannels<Form: WinogradForm>(
  _: Form.Type, _ weights: UnsafeRawPointer, _ positionBytes: Int, taps: UnsafeMutableRawPointer,
  _ output: UnsafeMutableRawPointer,
  _ planeBytes: Int
) {
  // [9][4 input channels][16]: in registers all together would be too many.
  var position = weights
  for tap in 0..<9 {
    csimd_store_transposed_16x4(position, taps + tap &* 64)
    position += positionBytes
  }
  for channel in 0..<4 {
    let kernel = ThreeColumns<Form, SIMD16<Int16>> { tap in
      csimd_widen_i8_to_i16((taps + (tap &* 64 &+ channel &* 16)).load(as: SIMD16<Int8>.self))
    }
    var output = output + channel &* 32
    forEachConstant(6) { row in
      let points = kernel.points(row)
      forEachConstant(6) { column in
        csimd_store_16_shorts(output, points[unchecked: column])
        output += planeBytes
      }
    }
  }
}

/// Kernels transformed in one direction.
@usableFromInline
struct ThreeColumns<Form: WinogradForm, Weights: WeightLanes> {
  @usableFromInline let a, b, c: InlineArray<6, Weights>

  /// - Parameter weights: those at one of the nine positions.
  @inlinable @inline(__always)
  init(_ weights: (Int) -> Weights) {
    a = Form.weights(weights(0), weights(3), weights(6))
    b = Form.weights(weights(1), weights(4), weights(7))
    c = Form.weights(weights(2), weights(5), weights(8))
  }

  /// A row, transformed in the other direction.
  @inlinable @inline(__always)
  func points(_ row: Int) -> InlineArray<6, Weights> {
    Form.weights(a[unchecked: row], b[unchecked: row], c[unchecked: row])
  }
}
