/// How a table's bytewise convolutions lay out their scratch memory.
///
/// With x = 256h + l and a weight w = 256u + v, h and u signed, l and v unsigned bytes, Σwx is 2¹⁶Σuh + 2⁸(Σvh + Σul) + Σvl. To
/// multiply signed bytes with signed ones, and unsigned with unsigned, Σvh is Σv(h + 128), and Σul is Σu(l − 128), but for
/// numbers that do not depend on the pixel. All of it is modulo 2³²: what the sums of a window of zeros come to is taken back with the bias.
/// A pixel has a copy of h, h + 128, l − 128 and l.
@usableFromInline
struct BytewiseLayout {
  /// Of bytes.
  @usableFromInline var layer: ConvolutionLayer
  @usableFromInline let pixels: InterleavedPixels
  /// From one of the copies to the next.
  @usableFromInline let copyStride: Int

  @inlinable @inline(__always)
  init<Arithmetic: BytewiseArithmetic>(_: Arithmetic.Type, _ layer: ConvolutionLayer, pixels: Int) {
    self.layer = layer
    self.layer.stepsPerRow /= 2
    self.pixels = InterleavedPixels(
      self.layer, pixels: pixels, stepBytes: Arithmetic.stepBytes, pixelsPerPlace: Arithmetic.pixelsPerAccumulator)
    copyStride = self.pixels.byteCount
  }

  /// Of a window of zeros.
  @inlinable @inline(__always)
  init(zerosLike other: BytewiseLayout) {
    layer = other.layer
    pixels = InterleavedPixels(constant: other.pixels)
    copyStride = 64
  }
}

/// Convolves int16 by products of bytes. All in scratch memory: a block's high and low bytes of weights, its bias, a window of
/// zeros, a block's sums, the pixels' bytes.
@inlinable @inline(__always)
func convolveBytewise<Arithmetic: BytewiseArithmetic, Output: RequantisedOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) {
  guard !slice.pixels.isEmpty else { return }
  let layout = BytewiseLayout(Arithmetic.self, layer, pixels: slice.pixels.count)
  let zerosLayout = BytewiseLayout(zerosLike: layout)
  let bias = scratch + layer.blockBytes
  let zeros = bias + 64
  let sums = zeros + 256
  let laneBytes = (layout.pixels.places &+ groups) &* 64
  let pixels = sums + laneBytes &* Arithmetic.pixelsPerAccumulator
  fillZeroWindow(Arithmetic.self, zeros)
  interleaveBytes(Arithmetic.self, layer, pixels: slice.pixels, as: layout, to: pixels)
  var output = output
  for block in slice.blocks {
    splitWeights(Arithmetic.self, layer, block: block, to: scratch)
    multiplyBytes(
      Arithmetic.self, zerosLayout, UnsafeRawPointer(zeros), scratch, sums: sums, laneBytes, tile: Tile<1, 1>())
    let offset = sums.loadUnaligned(as: SIMD16<Int32>.self)
    let constant = (output.requantisation.bias + block &* 16)
    bias.storeBytes(of: load(constant) &- offset, as: SIMD16<Int32>.self)
    var place = 0
    while place < layout.pixels.places {
      let input = UnsafeRawPointer(pixels) + place &* layout.pixels.placeBytes
      if (layout.pixels.places &- place) &* 2 > groups {
        multiplyBytes(Arithmetic.self, layout, input, scratch, sums: sums + place &* 64, laneBytes, tile: tile)
        place &+= groups
      } else {
        multiplyBytes(
          Arithmetic.self, layout, input, scratch, sums: sums + place &* 64, laneBytes, tile: Tile<1, 1>())
        place &+= 1
      }
    }
    let original = output.requantisation.bias
    output.requantisation.bias = UnsafePointer(bias.assumingMemoryBound(to: Int32.self)) - block &* 16
    let middle = slice.pixels.lowerBound &+ layout.pixels.places
    store(
      Arithmetic.self, sums, output, block: block, pixels: slice.pixels.lowerBound..<middle, width: layer.outputWidth)
    if middle < slice.pixels.upperBound {
      store(
        Arithmetic.self, sums + laneBytes, output, block: block, pixels: middle..<slice.pixels.upperBound,
        width: layer.outputWidth)
    }
    output.requantisation.bias = original
  }
}

/// The sums of the pixels at `groups` places.
@inlinable @inline(__always)
func multiplyBytes<Arithmetic: BytewiseArithmetic, let groups: Int>(
  _: Arithmetic.Type, _ layout: BytewiseLayout, _ pixels: UnsafeRawPointer, _ weights: UnsafeMutableRawPointer,
  sums: UnsafeMutableRawPointer, _ laneBytes: Int, tile: Tile<groups, 1>
) {
  var accumulators = InlineArray<groups, Arithmetic.Accumulator>(repeating: Arithmetic.zero())
  let high = UnsafeRawPointer(weights)
  let low = high + layout.layer.blockBytes
  var copy = pixels
  var pairs = 2
  repeat {
    addProducts(Arithmetic.self, layout, copy, high, unsigned: false, to: &accumulators)
    forEachConstant(groups) { Arithmetic.shiftLeft(&accumulators[unchecked: $0], by: 8) }
    addProducts(Arithmetic.self, layout, copy + layout.copyStride, low, unsigned: true, to: &accumulators)
    copy += 2 &* layout.copyStride
    pairs &-= 1
  } while pairs != 0
  storeSums(Arithmetic.self, accumulators, to: sums, laneBytes)
}

@inlinable @inline(__always)
func storeSums<Arithmetic: InterleavedArithmetic, let groups: Int>(
  _: Arithmetic.Type, _ accumulators: InlineArray<groups, Arithmetic.Accumulator>, to sums: UnsafeMutableRawPointer,
  _ laneBytes: Int
) {
  forEachConstant(groups) { group in
    let accumulator = accumulators[unchecked: group]
    let target = sums + group &* 64
    target.storeBytes(of: Arithmetic.sums(accumulator, pixel: 0), as: SIMD16<Int32>.self)
    if Arithmetic.pixelsPerAccumulator == 2 {
      (target + laneBytes).storeBytes(of: Arithmetic.sums(accumulator, pixel: 1), as: SIMD16<Int32>.self)
    }
  }
}

/// The products of one byte of the pixels' values with one of the weights: the hot loop. As a function of its own it would keep the
/// sums in memory.
@_transparent
@usableFromInline
func addProducts<Arithmetic: BytewiseArithmetic, let groups: Int>(
  _: Arithmetic.Type, _ layout: BytewiseLayout, _ pixels: UnsafeRawPointer, _ weights: UnsafeRawPointer,
  unsigned: Bool, to accumulators: inout InlineArray<groups, Arithmetic.Accumulator>
) {
  var weights = weights
  var row = pixels
  var phase = 0
  var windowRow = 0
  repeat {
    var pixels = row
    var bytes = layout.layer.stepsPerRow &* 4
    repeat {
      forEachConstant(16 / Arithmetic.stepBytes) { _ in
        if unsigned {
          Arithmetic.multiplyUnsignedStep(&accumulators, &pixels, stepStride: layout.pixels.stepStride, &weights)
        } else {
          Arithmetic.multiplyStep(&accumulators, &pixels, stepStride: layout.pixels.stepStride, &weights)
        }
      }
      bytes &-= 16
    } while bytes != 0
    row += layout.pixels.phaseStride
    phase &+= 1
    if phase == layout.pixels.phases {
      phase = 0
      row += layout.pixels.rowStride &- layout.pixels.phases &* layout.pixels.phaseStride
    }
    windowRow &+= 1
  } while windowRow < layout.layer.windowRows
}
