extension ConvolutionLayer {
  /// An image under 3×3 windows.
  @usableFromInline @inline(__always)
  var is3x3OfImage: Bool { isImage && windowRows == 3 && stepsPerRow == 6 }
}

/// Convolves a 3×3 window of an image. With x = 2q + 1 and a weight w = 256u + v, v an unsigned byte, Σwx is
/// 2(2⁸Σuq + Σvq) + Σw: a window is 27 bytes, of which two copies, q and q + 128, are multiplied. Windows that reach beyond the
/// image, where x is 0 and not 2 · 0 + 1, are put right afterwards.
///
/// In scratch memory: a block's high and low bytes of weights, Σw of each position, its bias, a window of zeros, sums, pixels,
/// and which windows reach beyond.
@inlinable @inline(__always)
func convolveImage<Arithmetic: BytewiseArithmetic, Output: RequantisedOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, tile: Tile<groups, 1>
) {
  guard !slice.pixels.isEmpty else { return }
  let bytes = BytewiseLayout(Arithmetic.self, image: layer, pixels: slice.pixels.count)
  let layout = bytes.pixels
  let positions = scratch + 1024
  let bias = positions + 9 &* 64
  let zeros = bias + 64
  let sums = zeros + 256
  let laneBytes = (layout.places &+ groups) &* 64
  let pixels = sums + laneBytes &* Arithmetic.pixelsPerAccumulator
  let outside = pixels + 2 &* layout.byteCount
  fillZeroWindow(Arithmetic.self, zeros)
  copyImageWindows(Arithmetic.self, layer, pixels: slice.pixels, as: layout, to: pixels)
  let outsideEnd = findWindowsBeyond(
    Arithmetic.self, layer, pixels: slice.pixels, places: layout.places, laneBytes, to: outside)
  var output = output
  for block in slice.blocks {
    let total = splitImageWeights(Arithmetic.self, layer, block: block, to: scratch, positions)
    multiplyImage(
      Arithmetic.self, BytewiseLayout(zerosLike: bytes), UnsafeRawPointer(zeros), scratch, sums: sums, laneBytes,
      tile: Tile<1, 1>())
    let offset = total &- sums.loadUnaligned(as: SIMD16<Int32>.self)
    let original = output.requantisation.bias
    bias.storeBytes(of: load(original + block &* 16) &+ offset, as: SIMD16<Int32>.self)
    output.requantisation.bias = UnsafePointer(bias.assumingMemoryBound(to: Int32.self)) - block &* 16
    var place = 0
    while place < layout.places {
      let input = UnsafeRawPointer(pixels) + place &* layout.placeBytes
      let target = sums + place &* 64
      if (layout.places &- place) &* 2 > groups {
        multiplyImage(Arithmetic.self, bytes, input, scratch, sums: target, laneBytes, tile: tile)
        place &+= groups
      } else {
        multiplyImage(Arithmetic.self, bytes, input, scratch, sums: target, laneBytes, tile: Tile<1, 1>())
        place &+= 1
      }
    }
    takeBack(Arithmetic.self, outside, outsideEnd, positions, from: sums)
    let middle = slice.pixels.lowerBound &+ layout.places
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

extension BytewiseLayout {
  /// Of windows of an image, as one row of 32 bytes each.
  @inlinable @inline(__always)
  init<Arithmetic: BytewiseArithmetic>(_: Arithmetic.Type, image: ConvolutionLayer, pixels: Int) {
    layer = image
    (layer.windowRows, layer.stepsPerRow) = (1, 8)
    self.pixels = InterleavedPixels(
      layer, pixels: pixels, stepBytes: Arithmetic.stepBytes, pixelsPerPlace: Arithmetic.pixelsPerAccumulator)
    copyStride = self.pixels.byteCount
  }
}

/// The sums of the windows at `groups` places, but for what does not depend on them.
@inlinable @inline(__always)
func multiplyImage<Arithmetic: BytewiseArithmetic, let groups: Int>(
  _: Arithmetic.Type, _ layout: BytewiseLayout, _ pixels: UnsafeRawPointer, _ weights: UnsafeMutableRawPointer,
  sums: UnsafeMutableRawPointer, _ laneBytes: Int, tile: Tile<groups, 1>
) {
  var accumulators = InlineArray<groups, Arithmetic.Accumulator>(repeating: Arithmetic.zero())
  let weights = UnsafeRawPointer(weights)
  addProducts(Arithmetic.self, layout, pixels, weights, unsigned: false, to: &accumulators)
  forEachConstant(groups) { Arithmetic.shiftLeft(&accumulators[unchecked: $0], by: 8) }
  addProducts(
    Arithmetic.self, layout, pixels + layout.copyStride, weights + 512, unsigned: true, to: &accumulators)
  forEachConstant(groups) { Arithmetic.shiftLeft(&accumulators[unchecked: $0], by: 1) }
  storeSums(Arithmetic.self, accumulators, to: sums, laneBytes)
}

/// A block's weights as high and low bytes, 512 of each, and their sums at each position of the window.
///
/// - Returns: their sums at all positions.
@inlinable @inline(__always)
func splitImageWeights<Arithmetic: BytewiseArithmetic>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, block: Int, to output: UnsafeMutableRawPointer,
  _ positions: UnsafeMutableRawPointer
) -> SIMD16<Int32> {
  let weights = layer.weights + block &* layer.blockBytes
  for index in 0..<16 { (output + index &* 64).storeBytes(of: SIMD16<Int32>(), as: SIMD16<Int32>.self) }
  var total = SIMD16<Int32>()
  for position in 0..<9 {
    var sums = SIMD16<Int32>()
    for channel in 0..<3 {
      let step = weights + (position &* 2 &+ channel / 2) &* 64
      let pairs = step.loadUnaligned(as: SIMD16<Int32>.self)
      sums = sums &+ (channel == 1 ? pairs : pairs &<< SIMD16(repeating: 16)) &>> SIMD16(repeating: 16)
      let value = position &* 3 &+ channel
      let target = output + (value / 4 &* 64 &+ value % 4)
      for output in 0..<16 {
        let weight = (step + (output &* 4 &+ channel % 2 &* 2)).load(as: UInt16.self)
        (target + output &* 4).storeBytes(of: UInt8(truncatingIfNeeded: weight &>> 8), as: UInt8.self)
        (target + (512 &+ output &* 4)).storeBytes(of: UInt8(truncatingIfNeeded: weight), as: UInt8.self)
      }
    }
    (positions + position &* 64).storeBytes(of: sums, as: SIMD16<Int32>.self)
    total = total &+ sums
  }
  for index in 0..<8 { reorderInPlace(Arithmetic.self, output + index &* 128) }
  return total
}

/// Copies the windows of a slice's pixels, q and then q + 128.
@inlinable @inline(__always)
func copyImageWindows<Arithmetic: BytewiseArithmetic>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, pixels: Range<Int>, as layout: InterleavedPixels,
  to output: UnsafeMutableRawPointer
) {
  let flip = SIMD16<Int8>(repeating: -128)
  var windows = PlaceWindows(Arithmetic.self, layer, pixels, places: layout.places, phase: 0)
  var target = output
  var places = layout.places
  repeat {
    let (first, second, third, fourth) = windows.next()
    let bytes = { (window: UnsafeRawPointer) in
      Arithmetic.imageWindow(window, window + layer.windowRowBytes, window + 2 &* layer.windowRowBytes)
    }
    let (a, b, c, d) = (bytes(first), bytes(second), bytes(third), bytes(fourth))
    let stride = layout.stepStride
    let rest = target + 16 / Arithmetic.stepBytes &* stride
    Arithmetic.interleave(a.0, b.0, c.0, d.0, to: target, stepStride: stride)
    Arithmetic.interleave(a.1, b.1, c.1, d.1, to: rest, stepStride: stride)
    Arithmetic.interleave(
      a.0 ^ flip, b.0 ^ flip, c.0 ^ flip, d.0 ^ flip, to: target + layout.byteCount, stepStride: stride)
    Arithmetic.interleave(
      a.1 ^ flip, b.1 ^ flip, c.1 ^ flip, d.1 ^ flip, to: rest + layout.byteCount, stepStride: stride)
    target += 4 / Arithmetic.pixelsPerAccumulator &* layout.placeBytes
    places &-= 4 / Arithmetic.pixelsPerAccumulator
  } while places > 0
}

/// Lists the windows that reach beyond the image: where their sums are, and a bit for each position that is outside.
///
/// - Returns: the end of the list.
@inlinable @inline(__always)
func findWindowsBeyond<Arithmetic: BytewiseArithmetic>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, pixels: Range<Int>, places: Int, _ laneBytes: Int,
  to list: UnsafeMutableRawPointer
) -> UnsafeMutableRawPointer {
  var list = list
  var windows = WindowWalk(layer, pixels, phase: 0)
  for pixel in 0..<pixels.count {
    let window = windows.next()
    let value = { (row: Int, column: Int) in
      (window + (row &* layer.windowRowBytes &+ column &* 8)).load(as: UInt16.self)
    }
    // The image is a rectangle.
    if value(0, 0) & value(2, 2) & 1 == 0 {
      var positions: Int32 = 0
      for row in 0..<3 {
        for column in 0..<3 where value(row, column) & 1 == 0 { positions |= 1 &<< Int32(row &* 3 &+ column) }
      }
      list.storeBytes(of: Int32(pixel < places ? pixel &* 64 : laneBytes &+ (pixel &- places) &* 64), as: Int32.self)
      (list + 4).storeBytes(of: positions, as: Int32.self)
      list += 8
    }
  }
  return list
}

/// Subtracts the weights of the positions outside from the sums of the windows in a list.
@inlinable @inline(__always)
func takeBack<Arithmetic: BytewiseArithmetic>(
  _: Arithmetic.Type, _ list: UnsafeMutableRawPointer, _ end: UnsafeMutableRawPointer,
  _ positions: UnsafeMutableRawPointer, from sums: UnsafeMutableRawPointer
) {
  var list = list
  while list < end {
    let target = sums + Int(list.load(as: Int32.self))
    var outside = (list + 4).load(as: UInt32.self)
    var sum = target.loadUnaligned(as: SIMD16<Int32>.self)
    while outside != 0 {
      sum = sum &- (positions + outside.trailingZeroBitCount &* 64).loadUnaligned(as: SIMD16<Int32>.self)
      outside &= outside &- 1
    }
    target.storeBytes(of: sum, as: SIMD16<Int32>.self)
    list += 8
  }
}
