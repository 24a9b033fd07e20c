import CSIMD

/// What copies of a window of zeros have.
@inlinable @inline(__always)
func fillZeroWindow<Arithmetic: BytewiseArithmetic>(_: Arithmetic.Type, _ output: UnsafeMutableRawPointer) {
  let (zero, flipped) = (SIMD16<Int8>(), SIMD16<Int8>(repeating: -128))
  output.storeBytes(of: zero, as: SIMD16<Int8>.self)
  (output + 64).storeBytes(of: flipped, as: SIMD16<Int8>.self)
  (output + 128).storeBytes(of: flipped, as: SIMD16<Int8>.self)
  (output + 192).storeBytes(of: zero, as: SIMD16<Int8>.self)
}

/// A block's weights: the high bytes, then the low ones.
@inlinable @inline(__always)
func splitWeights<Arithmetic: BytewiseArithmetic>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, block: Int, to output: UnsafeMutableRawPointer
) {
  var steps = layer.weights + block &* layer.blockBytes
  let half = layer.blockBytes / 2
  var target = output
  var bytes = half
  repeat {
    for step in 0..<2 {
      let output = target + step &* 64
      Arithmetic.splitWeights(steps + step &* 128, high: output, low: output + half)
    }
    reorderInPlace(Arithmetic.self, target)
    reorderInPlace(Arithmetic.self, target + half)
    steps += 256
    target += 128
    bytes &-= 128
  } while bytes != 0
}

/// 128 bytes of weights from the order of fours into the arithmetic's.
@inlinable @inline(__always)
func reorderInPlace<Arithmetic: BytewiseArithmetic>(_: Arithmetic.Type, _ weights: UnsafeMutableRawPointer) {
  if Arithmetic.stepOrder != .fours { Arithmetic.reorder(UnsafeRawPointer(weights), to: weights) }
}

/// Copies the windows of a slice's pixels, byte by byte.
@inlinable @inline(__always)
func interleaveBytes<Arithmetic: BytewiseArithmetic>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, pixels: Range<Int>, as layout: BytewiseLayout,
  to output: UnsafeMutableRawPointer
) {
  let flip = SIMD16<Int8>(repeating: -128)
  for phase in 0..<layout.pixels.phases {
    let below = (layer.windowRows &- 1 &- phase) / layout.pixels.phases &* layer.outputWidth
    var windows = PlaceWindows(
      Arithmetic.self, layer, pixels.lowerBound..<pixels.upperBound &+ below, places: layout.pixels.places, phase: phase
    )
    var target = output + phase &* layout.pixels.phaseStride
    var places = layout.pixels.places &+ below
    repeat {
      let (a, b, c, d) = windows.next()
      var step = target
      var offset = 0
      repeat {
        let load = { (window: UnsafeRawPointer) in (window + offset).loadUnaligned(as: SIMD16<Int16>.self) }
        let values = (load(a), load(b), load(c), load(d))
        let high = (
          csimd_high_bytes(values.0), csimd_high_bytes(values.1), csimd_high_bytes(values.2), csimd_high_bytes(values.3)
        )
        let low = (
          csimd_low_bytes(values.0), csimd_low_bytes(values.1), csimd_low_bytes(values.2), csimd_low_bytes(values.3)
        )
        let stride = layout.pixels.stepStride
        Arithmetic.interleave(high.0, high.1, high.2, high.3, to: step, stepStride: stride)
        Arithmetic.interleave(
          high.0 ^ flip, high.1 ^ flip, high.2 ^ flip, high.3 ^ flip, to: step + layout.copyStride, stepStride: stride)
        Arithmetic.interleave(
          low.0 ^ flip, low.1 ^ flip, low.2 ^ flip, low.3 ^ flip, to: step + 2 &* layout.copyStride, stepStride: stride)
        Arithmetic.interleave(
          low.0, low.1, low.2, low.3, to: step + 3 &* layout.copyStride, stepStride: stride)
        step += 16 / Arithmetic.stepBytes &* stride
        offset &+= 32
      } while offset != layer.stepsPerRow &* 4
      target += 4 / Arithmetic.pixelsPerAccumulator &* layout.pixels.placeBytes
      places &-= 4 / Arithmetic.pixelsPerAccumulator
    } while places > 0
  }
}

/// The windows of neighbouring places, four at a time.
@usableFromInline
struct PlaceWindows<Arithmetic: InterleavedArithmetic> {
  @usableFromInline var first: WindowWalk
  @usableFromInline var second: WindowWalk

  @inlinable @inline(__always)
  init(_: Arithmetic.Type, _ layer: ConvolutionLayer, _ pixels: Range<Int>, places: Int, phase: Int) {
    first = WindowWalk(layer, pixels, phase: phase)
    let middle = min(pixels.lowerBound &+ places, pixels.upperBound &- 1)
    second = WindowWalk(layer, middle..<pixels.upperBound, phase: phase)
  }

  /// In the order in which `interleave` wants them.
  @inlinable @inline(__always)
  mutating func next() -> (UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer) {
    Arithmetic.pixelsPerAccumulator == 1
      ? (first.next(), first.next(), first.next(), first.next())
      : (first.next(), second.next(), first.next(), second.next())
  }
}
