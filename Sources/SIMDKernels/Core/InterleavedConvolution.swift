/// An int8 arithmetic that multiplies pixels which lie side by side (`InterleavedPixels`): few loads serve a whole tile.
public protocol InterleavedArithmetic: Int8Arithmetic {
  /// Bytes of a pixel in one step, a divisor of 16.
  static var stepBytes: Int { get }
  /// The order of weights in which steps of so many bytes follow each other.
  static var stepOrder: PackedOrder { get }

  /// Stores 16 bytes of four windows, those of a place behind each other, as [step][place][pixel of the place][`stepBytes`],
  /// the steps `stepStride` apart.
  static func interleave(
    _ a: SIMD16<Int8>, _ b: SIMD16<Int8>, _ c: SIMD16<Int8>, _ d: SIMD16<Int8>, to output: UnsafeMutableRawPointer,
    stepStride: Int)
  /// Adds the products of one step of each pixel, and moves both pointers on behind it.
  static func multiplyStep<let places: Int>(
    _ sums: inout InlineArray<places, Accumulator>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer)
  /// Brings 128 bytes of weights from the order of fours into `stepOrder`.
  static func reorder(_ weights: UnsafeRawPointer, to output: UnsafeMutableRawPointer)
}

/// A convolution that first copies the slice's pixels, so that a tile's lie side by side. All in scratch memory of
/// `Interleaving.scratchBytes`: a block's weights where they need another order, a block's sums, the pixels.
///
/// - Parameter order: that of the layer's weights.
@inlinable @inline(__always)
func convolveInterleaved<Arithmetic: InterleavedArithmetic, Output: ConvolutionOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, order: PackedOrder, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  guard !slice.pixels.isEmpty else { return }
  let interleaving = Interleaving(Arithmetic.self, reading: order, tile: tile)
  let layout = interleaving.layout(layer, pixels: slice.pixels.count)
  let sums = scratch + interleaving.weightBytes(layer)
  let laneBytes = interleaving.laneBytes(layout)
  let pixels = sums + interleaving.sumBytes(layout)
  interleave(Arithmetic.self, layer, pixels: slice.pixels, as: layout, to: pixels)
  for block in slice.blocks {
    var weights = layer.weights + block &* layer.blockBytes
    if interleaving.reorders {
      reorder(Arithmetic.self, weights, byteCount: layer.blockBytes, to: scratch)
      weights = UnsafeRawPointer(scratch)
    }
    var place = 0
    while place < layout.places {
      let input = UnsafeRawPointer(pixels) + place &* layout.placeBytes
      let target = sums + place &* 64
      // A few single places take fewer instructions than a tile that has no use for the most of it.
      if (layout.places &- place) &* 2 > groups {
        multiplyTile(Arithmetic.self, layer, layout, input, weights, sums: target, laneBytes, tile: tile)
        place &+= groups
      } else {
        multiplyTile(Arithmetic.self, layer, layout, input, weights, sums: target, laneBytes, tile: Tile<1, 1>())
        place &+= 1
      }
    }
    let middle = slice.pixels.lowerBound &+ layout.places
    store(
      Arithmetic.self, sums, output, block: block, pixels: slice.pixels.lowerBound..<middle, width: layer.outputWidth)
    if middle < slice.pixels.upperBound {
      store(
        Arithmetic.self, sums + laneBytes, output, block: block, pixels: middle..<slice.pixels.upperBound,
        width: layer.outputWidth)
    }
  }
}

/// The sums of the pixels at `groups` places: the hot loop. Those of a place's second pixel go `laneBytes` further on.
@inlinable @inline(__always)
func multiplyTile<Arithmetic: InterleavedArithmetic, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ layout: InterleavedPixels, _ pixels: UnsafeRawPointer,
  _ weights: UnsafeRawPointer, sums: UnsafeMutableRawPointer, _ laneBytes: Int, tile: Tile<groups, 1>
) {
  var accumulators = InlineArray<groups, Arithmetic.Accumulator>(repeating: Arithmetic.zero())
  var weights = weights
  var row = pixels
  var phase = 0
  var windowRow = 0
  repeat {
    var pixels = row
    var bytes = layer.stepsPerRow &* 4
    while bytes >= 64 {
      forEachConstant(64 / Arithmetic.stepBytes) { _ in
        Arithmetic.multiplyStep(&accumulators, &pixels, stepStride: layout.stepStride, &weights)
      }
      bytes &-= 64
    }
    while bytes != 0 {
      forEachConstant(16 / Arithmetic.stepBytes) { _ in
        Arithmetic.multiplyStep(&accumulators, &pixels, stepStride: layout.stepStride, &weights)
      }
      bytes &-= 16
    }
    row += layout.phaseStride
    phase &+= 1
    if phase == layout.phases {
      phase = 0
      row += layout.rowStride &- layout.phases &* layout.phaseStride
    }
    windowRow &+= 1
  } while windowRow < layer.windowRows
  forEachConstant(groups) { group in
    let accumulator = accumulators[unchecked: group]
    let target = sums + group &* 64
    target.storeBytes(of: Arithmetic.sums(accumulator, pixel: 0), as: SIMD16<Int32>.self)
    if Arithmetic.pixelsPerAccumulator == 2 {
      (target + laneBytes).storeBytes(of: Arithmetic.sums(accumulator, pixel: 1), as: SIMD16<Int32>.self)
    }
  }
}

/// What `output` makes of one block's sums, [pixel][16].
@inlinable @inline(__always)
func store<Arithmetic: DotArithmetic, Output: ConvolutionOutput>(
  _: Arithmetic.Type, _ sums: UnsafeMutableRawPointer, _ output: Output, block: Int, pixels: Range<Int>, width: Int
) where Output.Sum == Int32 {
  let constants = output.constants(block: block)
  var sums = UnsafeRawPointer(sums)
  var pixel = pixels.lowerBound
  var row = pixel / width
  var column = pixel &- row &* width
  repeat {
    let end = min(pixel &+ width &- column, pixels.upperBound)
    var address = output.plane.pixel(row: row, column: column) + block &* Output.blockBytes
    repeat {
      output.store(sums.loadUnaligned(as: SIMD16<Int32>.self), constants, at: address)
      sums += 64
      address += output.plane.pixelBytes
      pixel &+= 1
    } while pixel < end
    column = 0
    row &+= 1
  } while pixel < pixels.upperBound
}

/// A block's weights, from the order of fours into the arithmetic's.
@inlinable @inline(__always)
func reorder<Arithmetic: InterleavedArithmetic>(
  _: Arithmetic.Type, _ weights: UnsafeRawPointer, byteCount: Int, to output: UnsafeMutableRawPointer
) {
  var (weights, output, bytes) = (weights, output, byteCount)
  repeat {
    Arithmetic.reorder(weights, to: output)
    weights += 128
    output += 128
    bytes &-= 128
  } while bytes != 0
}
