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
  /// Adds the products of 16 bytes of each pixel, and moves both pointers on behind them.
  static func multiply<let places: Int>(
    _ sums: inout InlineArray<places, Accumulator>, _ pixels: inout UnsafeRawPointer, stepStride: Int,
    _ weights: inout UnsafeRawPointer)
  /// Brings 128 bytes of weights from the order of fours into `stepOrder`.
  static func reorder(_ weights: UnsafeRawPointer, to output: UnsafeMutableRawPointer)
}

/// The scratch memory of an interleaved convolution.
public struct Interleaving: Sendable {
  @usableFromInline let stepBytes: Int
  @usableFromInline let pixelsPerPlace: Int
  /// A block's weights are brought into another order on the way.
  @usableFromInline let reorders: Bool

  @inlinable
  init(stepBytes: Int, pixelsPerPlace: Int, reorders: Bool) {
    (self.stepBytes, self.pixelsPerPlace, self.reorders) = (stepBytes, pixelsPerPlace, reorders)
  }

  /// Bytes, aligned to 64, for slices of up to so many pixels.
  @inlinable
  public func scratchBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    (reorders ? layer.blockBytes : 0) &+ copiedBytes(layer, pixels: pixels)
  }

  /// Those of the pixels alone.
  @inlinable
  public func copiedBytes(_ layer: ConvolutionLayer, pixels: Int) -> Int {
    InterleavedPixels(layer, pixels: pixels, stepBytes: stepBytes, pixelsPerPlace: pixelsPerPlace).byteCount
  }
}

/// A convolution that first copies the slice's pixels into scratch memory of `Interleaving.scratchBytes`.
///
/// - Parameter order: that of the layer's weights.
@inlinable @inline(__always)
func convolveInterleaved<Arithmetic: InterleavedArithmetic, Output: ConvolutionOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ output: Output, _ slice: ConvolutionSlice,
  scratch: UnsafeMutableRawPointer, order: PackedOrder, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  let reorders = order != Arithmetic.stepOrder
  let pixels = scratch + (reorders ? layer.blockBytes : 0)
  let layout = InterleavedPixels(
    layer, pixels: slice.pixels.count, stepBytes: Arithmetic.stepBytes,
    pixelsPerPlace: Arithmetic.pixelsPerAccumulator)
  interleave(Arithmetic.self, layer, pixels: slice.pixels, as: layout, to: pixels)
  for block in slice.blocks {
    var weights = layer.weights + block &* layer.blockBytes
    if reorders {
      var offset = 0
      repeat {
        Arithmetic.reorder(weights + offset, to: scratch + offset)
        offset &+= 128
      } while offset != layer.blockBytes
      weights = UnsafeRawPointer(scratch)
    }
    var place = 0
    // A few single places take fewer instructions than a tile that has no use for the most of it.
    while place < layout.places {
      if (layout.places &- place) &* 2 > groups {
        convolveTile(
          Arithmetic.self, layer, layout, output, slice, UnsafeRawPointer(pixels), weights, block: block, place: place,
          tile: tile)
        place &+= groups
      } else {
        convolveTile(
          Arithmetic.self, layer, layout, output, slice, UnsafeRawPointer(pixels), weights, block: block, place: place,
          tile: Tile<1, 1>())
        place &+= 1
      }
    }
  }
}

/// The outputs of the pixels at `groups` places: the hot loop and what follows it.
@inlinable @inline(__always)
func convolveTile<Arithmetic: InterleavedArithmetic, Output: ConvolutionOutput, let groups: Int>(
  _: Arithmetic.Type, _ layer: ConvolutionLayer, _ layout: InterleavedPixels, _ output: Output, _ slice: ConvolutionSlice,
  _ pixels: UnsafeRawPointer, _ weights: UnsafeRawPointer, block: Int, place: Int, tile: Tile<groups, 1>
) where Output.Sum == Int32 {
  var accumulators = InlineArray<groups, Arithmetic.Accumulator>(repeating: Arithmetic.zero())
  var weights = weights
  var row = pixels + place &* layout.placeBytes
  var phase = 0
  var windowRow = 0
  repeat {
    var pixels = row
    var bytes = layer.stepsPerRow &* 4
    while bytes >= 64 {
      forEachConstant(4) { _ in Arithmetic.multiply(&accumulators, &pixels, stepStride: layout.stepStride, &weights) }
      bytes &-= 64
    }
    while bytes != 0 {
      Arithmetic.multiply(&accumulators, &pixels, stepStride: layout.stepStride, &weights)
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
  let constants = output.constants(block: block)
  let first = slice.pixels.lowerBound &+ place
  var (one, other) = (
    OutputCursor(output.plane, pixel: first, width: layer.outputWidth),
    OutputCursor(output.plane, pixel: first &+ layout.places, width: layer.outputWidth)
  )
  one.address += block &* Output.blockBytes
  other.address += block &* Output.blockBytes
  let count = layout.places &- place
  let otherCount = slice.pixels.count &- layout.places &- place
  forEachConstant(groups) { group in
    let sums = accumulators[unchecked: group]
    if group < count {
      output.store(Arithmetic.sums(sums, pixel: 0), constants, at: one.address)
      one.advance()
    }
    if Arithmetic.pixelsPerAccumulator == 2 && group < otherCount {
      output.store(Arithmetic.sums(sums, pixel: 1), constants, at: other.address)
      other.advance()
    }
  }
}

/// Goes from pixel to pixel, row by row.
@usableFromInline
struct OutputCursor {
  @usableFromInline var address: UnsafeMutableRawPointer
  /// Pixels to the end of the row.
  @usableFromInline var remaining: Int
  @usableFromInline let width: Int
  @usableFromInline let pixelBytes: Int
  /// From behind the last pixel of a row to the next row's first.
  @usableFromInline let gap: Int

  @inlinable @inline(__always)
  init(_ plane: OutputPlane, pixel: Int, width: Int) {
    let row = pixel / width
    let column = pixel &- row &* width
    address = plane.pixel(row: row, column: column)
    remaining = width &- column
    self.width = width
    pixelBytes = plane.pixelBytes
    gap = plane.rowBytes &- width &* plane.pixelBytes
  }

  @inlinable @inline(__always)
  mutating func advance() {
    address += pixelBytes
    remaining &-= 1
    if remaining == 0 {
      remaining = width
      address += gap
    }
  }
}
